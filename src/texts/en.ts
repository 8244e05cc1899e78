/** What people read, in English. */

/** The English sentences; their keys are everybody's keys. */
export const en = {
  // Outcomes: the message of each `CustomerError`.
  'error.input': 'Please check the fields below.',
  'error.throttled': 'That was a lot at once. Please try again a little later.',
  'error.otpRejected': 'This code is not right. Please check it and try again.',
  'error.otpExpired': 'This code is no longer valid. Please ask for a new one.',
  'error.notRegistered': 'There is no account for this phone number yet. Please register first.',
  'error.notRegisteredEmail':
    'No account has confirmed this e-mail address yet. Please sign in or register with your mobile number.',
  'error.notRegisteredPatient':
    'The hospital knows this phone number. Please sign in with your national ID or file number.',
  'error.patientNotFound': 'The hospital found no patient with these details and this phone number.',
  'error.conflictEmail': 'Another account already uses this e-mail address.',
  'error.conflictPhone':
    'This phone number cannot be matched to one account. Please contact our customer service.',
  'error.conflictNewPhone': 'Another account already uses this phone number.',
  'error.conflictPatient':
    'This phone number belongs to an account with another patient file. Please contact our customer service.',
  'error.conflictSocial':
    'This account is linked to another Google or Apple account. Please use another way to sign in, or contact our customer service.',
  'error.conflictSocialPhone': 'For your safety, please sign in with your mobile number.',
  'error.locked':
    'For your safety, this way of signing in is closed for now. Please use another way to sign in, or contact us.',
  'error.invalidCredentials': 'The e-mail address or the password is not right.',
  'error.socialToken': 'Signing in with this account did not work. Please try again.',
  'error.wrongPassword': 'The current password is not right.',
  'error.sessionEnded': 'This sign-in has ended. Please sign in again.',
  'error.linkExpired': 'This link is no longer valid. Please ask for a new one.',
  'error.recentSignInRequired': 'For your safety, please sign in again before doing this.',
  'error.addressNotFound': 'This address is not among your addresses.',
  'error.addressConflict': 'This address has been changed in the meantime. Please look at it before saving.',
  'error.cardNotFound': 'This card is not among your saved cards.',

  // Problems with one field.
  'problem.invalid': 'This cannot be used here.',
  'problem.required': 'Please fill this in.',
  'problem.tooLong': 'This is too long; the most is {max} characters.',
  'problem.tooMany': 'This is too much at once; the most is {max}.',
  'problem.name': 'Use letters, digits, spaces, hyphens, apostrophes and dots only.',
  'problem.plainText': 'Please leave out emoji and the characters < > { }.',
  'problem.phone': 'Enter a valid phone number.',
  'problem.mobile': 'Enter a valid mobile number.',
  'problem.phoneCountry': 'Mobile numbers of this country cannot be used here.',
  'problem.email': 'Enter a valid e-mail address.',
  'problem.emailSignIn': 'Signing in by e-mail is not available. Please use your mobile number.',
  'problem.createByPhone': 'A new account needs a mobile number here.',
  'problem.socialProvider': 'Signing in this way is not available. Please use your mobile number.',
  'problem.socialEmail': 'This account has no verified e-mail address. Please use another way to sign in.',
  'problem.phoneOrEmail': 'Give either a mobile number or an e-mail address.',
  'problem.nationalIdOrFileNo': 'Give either a national ID or a file number.',
  'problem.emailOrCustomerId': 'Give either an e-mail address or a customer number.',
  'problem.nationalId': 'Enter the ten digits of a national ID or residence permit.',
  'problem.fileNo': 'Enter the file number as the hospital gave it.',
  'problem.userIdentifier':
    'Enter an e-mail address, a mobile number, a national ID or a hospital file number.',
  'problem.otpCode': 'Enter the six digits of the code.',
  'problem.country': 'Choose a country from the list.',
  'problem.street': 'Give the address in one or two lines.',
  'problem.postcode': 'Enter the postcode.',
  'problem.saudiPostcode': 'Enter a Saudi postcode: five digits, or nine with the additional number.',
  'problem.regionCode': 'Choose a region of this country.',
  'problem.hospitalDecides': 'The hospital keeps this for its patients. Please have it changed there.',
  'problem.birthDate': 'Enter a date of birth from 1900 to today.',
  'problem.pictureUrl': 'Enter the whole web address of a picture.',
  'problem.subscription': 'There is no such subscription.',
  'problem.latitude': 'Latitude is a number from -90 to 90.',
  'problem.longitude': 'Longitude is a number from -180 to 180.',
  'problem.redirectUri': 'This return address is not allowed.',
  'problem.passwordShort': 'The new password is too short; the least is {min} characters.',
  'problem.passwordLong': 'The new password is too long; the most is {max} characters.',
  'problem.passwordCommon': 'Many people use this password. Please choose another one.',
  'problem.passwordPersonal': 'The new password must not hold your name, e-mail address or phone number.',
  'problem.passwordsDiffer': 'The two passwords are not the same.',
  'problem.passwordRefused':
    'Please choose a password with at least three of these: capital letters, small letters, digits, symbols.',

  // Codes by SMS: {code} is six digits, {duration} such as "5 minutes".
  'code.register': '{code} is your registration code, valid for {duration}. Never share it with anyone.',
  'code.login': '{code} is your sign-in code, valid for {duration}. Never share it with anyone.',
  'code.hmgLogin': '{code} is your sign-in code, valid for {duration}. Never share it with anyone.',
  'code.loyalty': '{code} is your code to join Lakum, valid for {duration}. Never share it with anyone.',
  'code.passwordLogin': '{code} is your sign-in code, valid for {duration}. Never share it with anyone.',
  'code.socialLink':
    '{code} is your code to sign in with Google or Apple, valid for {duration}. Never share it with anyone.',
  'code.phoneChange':
    '{code} is your code to confirm this number, valid for {duration}. Never share it with anyone.',

  // Subscriptions by their codes.
  'subscription.newsletter': 'Newsletter',

  // E-mails that prove an address: {duration} such as "24 hours". A link follows the body.
  'mail.ignore': 'If you did not ask for this, you need not do anything.',
  'mail.code.subject': 'Your code',
  'mail.activateAccount.subject': 'Activate your account',
  'mail.activateAccount.body':
    'An account has been asked for with this e-mail address. To activate it, open this link. It works once, for {duration}.',
  'mail.activateAccount.taken.subject': 'You have an account already',
  'mail.activateAccount.taken.body':
    'A new account has been asked for with this e-mail address, which has an account already.\n\nPlease sign in to that one. If you have forgotten its password, ask for a new one there.',
  'mail.confirmEmailChange.subject': 'Confirm your new e-mail address',
  'mail.confirmEmailChange.body':
    'This is to become the e-mail address of your account. To confirm it, open this link. It works once, for {duration}.',
  'mail.confirmEmailChange.taken.subject': 'This e-mail address is in use already',
  'mail.confirmEmailChange.taken.body':
    'Somebody wanted to use this e-mail address for their account. Another account has it already, so nothing has been changed.',

  // Notices: by SMS in one sentence or two, by e-mail with a subject and paragraphs.
  'notice.phoneTaken.sms':
    'A hospital patient with your details signed in with another phone number. You have been signed out. Not you? Please contact us.',
  'notice.phoneTaken.subject': 'You have been signed out',
  'notice.phoneTaken.body':
    'Somebody has just signed in to your account with the details of your hospital file and another phone number.\n\nYou have been signed out on all devices, and signing in with your password is closed until you set a new one.',
  'notice.phoneChanged.sms':
    'The phone number of your account has been changed to another one. Not you? Please contact us.',
  'notice.phoneChanged.subject': 'Your phone number has been changed',
  'notice.phoneChanged.body':
    'The phone number of your account has just been changed, and you have been signed out on your other devices.\n\nFrom now on you sign in with the new number.',
  'notice.passwordChanged.sms': 'The password of your account has been changed. Not you? Please contact us.',
  'notice.passwordChanged.subject': 'Your password has been changed',
  'notice.passwordChanged.body':
    'The password of your account has just been changed, and you have been signed out on your other devices.',
  'notice.accountLocked.sms':
    'Too many wrong codes were entered for your phone number. Signing in by phone is closed for 24 hours.',
  'notice.accountLocked.subject': 'Signing in by phone is closed for 24 hours',
  'notice.accountLocked.body':
    'Too many wrong codes have been entered for your phone number. To protect your account, signing in by phone is closed for 24 hours.\n\nThe other ways to sign in stay open.',
  'notice.accountDeleted.sms': 'Your account has been deleted. Not you? Please contact us.',
  'notice.accountDeleted.subject': 'Your account has been deleted',
  'notice.accountDeleted.body':
    'Your account has just been deleted, as was asked for from one of your devices, and you have been signed out everywhere.\n\nOrders and prescriptions stay with the pharmacy for as long as the law demands.',
  'notice.emailChanged.sms':
    'The e-mail address of your account has been changed. Not you? Please contact us.',
  'notice.emailChanged.subject': 'Your e-mail address has been changed',
  'notice.emailChanged.body':
    'Your account has just been given another e-mail address, and you have been signed out on your other devices.\n\nNothing more will be sent to this one.',
  'notice.emailLocked.sms':
    'Too many wrong codes were entered for your e-mail address. Signing in by e-mail is closed for 24 hours.',
  'notice.emailLocked.subject': 'Signing in by e-mail code is closed for 24 hours',
  'notice.emailLocked.body':
    'Too many wrong codes have been entered for your e-mail address. To protect your account, signing in with a code by e-mail is closed for 24 hours.\n\nThe other ways to sign in stay open.',
  'notice.support': 'If this was not you, please contact our customer service.',
  'notice.supportPhone': 'If this was not you, please call our customer service at {supportPhone}.',
} as const;
