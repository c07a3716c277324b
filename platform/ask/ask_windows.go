package ask

import "golang.org/x/sys/windows"

func confirm(title, question string) (bool, error) {
	text, err := windows.UTF16PtrFromString(question)
	if err != nil {
		return false, err
	}
	caption, err := windows.UTF16PtrFromString(title)
	if err != nil {
		return false, err
	}
	const idYes = 6
	answer, err := windows.MessageBox(0, text, caption,
		windows.MB_YESNO|windows.MB_ICONWARNING|windows.MB_DEFBUTTON2|windows.MB_SETFOREGROUND|windows.MB_TOPMOST)
	if answer == 0 {
		return false, err
	}
	return answer == idYes, nil
}
