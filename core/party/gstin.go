package party

import (
	"errors"
	"regexp"
	"strings"
)

// States are the GST state codes and names.
var States = map[string]string{
	"01": "Jammu and Kashmir", "02": "Himachal Pradesh", "03": "Punjab", "04": "Chandigarh", "05": "Uttarakhand",
	"06": "Haryana", "07": "Delhi", "08": "Rajasthan", "09": "Uttar Pradesh", "10": "Bihar", "11": "Sikkim",
	"12": "Arunachal Pradesh", "13": "Nagaland", "14": "Manipur", "15": "Mizoram", "16": "Tripura", "17": "Meghalaya",
	"18": "Assam", "19": "West Bengal", "20": "Jharkhand", "21": "Odisha", "22": "Chhattisgarh", "23": "Madhya Pradesh",
	"24": "Gujarat", "26": "Dadra and Nagar Haveli and Daman and Diu", "27": "Maharashtra", "29": "Karnataka",
	"30": "Goa", "31": "Lakshadweep", "32": "Kerala", "33": "Tamil Nadu", "34": "Puducherry",
	"35": "Andaman and Nicobar Islands", "36": "Telangana", "37": "Andhra Pradesh", "38": "Ladakh",
	"97": "Other Territory",
}

const gstinDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

var gstinForm = regexp.MustCompile(`^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$`)

// CheckGSTIN verifies form and check digit of a GST identification number.
func CheckGSTIN(s string) error {
	if !gstinForm.MatchString(s) {
		return errors.New("A GSTIN has 15 characters, for example 27AAPFU0939F1ZV.")
	}
	if s[14] != GSTINCheckDigit(s[:14]) {
		return errors.New("The last character of this GSTIN does not fit the others. Compare it with the invoice.")
	}
	return nil
}

// GSTINCheckDigit computes the 15th character from the first 14 (Luhn mod 36).
func GSTINCheckDigit(first14 string) byte {
	sum := 0
	for i := range first14 {
		n := strings.IndexByte(gstinDigits, first14[i]) * (1 + i%2)
		sum += n/36 + n%36
	}
	return gstinDigits[(36-sum%36)%36]
}
