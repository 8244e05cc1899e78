/** The hospital's made-up patients, in the shape in which EServices sends a record. */

/** An address of a record; `""` where nothing is known. */
export interface PatientAddress {
  firstName: string;
  lastName: string;
  email: string;
  phoneNumber: string;
  faxNumber: string;
  company: string;
  city: string;
  country: string;
  stateProvince: string;
  address1: string;
  address2: string;
  zipPostalCode: string;
  /** "24.7136,46.6753" */
  latLong: string;
}

/** The answer of `POST api/customer/login`. */
export interface PatientRecord {
  fileNo: string;
  zipCode: string;
  /** Without country code and without leading 0. */
  phoneNo: string;
  nationalID: string;
  email: string | null;
  /** An instant: the evening before in UTC is the day in Riyadh. */
  dateOfBirth: string;
  dateOfBirthHijri: string | null;
  name: Record<'firstName' | 'middleName' | 'lastName', string> &
    Record<'firstNameAr' | 'middleNameAr' | 'lastNameAr', string | null>;
  maritalStatus: number;
  maritalStatusCode: string | null;
  nationality: string;
  nationalityISOCode: string;
  occupation: string | null;
  idType: number;
  gender: number;
  billingAddress: PatientAddress | null;
  shippingAddress: PatientAddress | null;
}

function home(
  person: Pick<PatientAddress, 'firstName' | 'lastName' | 'email' | 'phoneNumber'>,
): PatientAddress {
  return {
    ...person,
    faxNumber: '',
    company: '',
    city: 'Riyadh',
    country: 'SA',
    stateProvince: 'Riyadh',
    address1: 'Prince Turki St 18',
    address2: 'Al Hada',
    zipPostalCode: '12912',
    latLong: '24.6782,46.6260',
  };
}

function office(person: Parameters<typeof home>[0]): PatientAddress {
  return {
    ...home(person),
    company: 'Example Trading',
    city: 'Al Khobar',
    stateProvince: 'Eastern Province',
    address1: 'King Faisal Rd 3',
    address2: '',
    zipPostalCode: '34423',
    latLong: '26.2794,50.2083',
  };
}

const NOURA = {
  firstName: 'Noura',
  lastName: 'Al-Qahtani',
  email: 'noura@example.com',
  phoneNumber: '0551234567',
};
const FAHAD = {
  firstName: 'Fahad',
  lastName: 'Al-Otaibi',
  email: 'fahad@example.com',
  phoneNumber: '0552345678',
};

/** National IDs pass their check digit; none of these people exists. */
export const PATIENTS: readonly { about: string; record: PatientRecord }[] = [
  {
    about: 'has a customer in the shop',
    record: {
      fileNo: '70001',
      zipCode: '+966',
      phoneNo: '551234567',
      nationalID: '1088123458',
      email: 'noura@example.com',
      dateOfBirth: '1985-03-14T21:00:00.000Z',
      dateOfBirthHijri: '1405-06-23',
      name: {
        firstName: 'Noura',
        middleName: 'Saad',
        lastName: 'Al-Qahtani',
        firstNameAr: 'نورة',
        middleNameAr: 'سعد',
        lastNameAr: 'القحطاني',
      },
      maritalStatus: 2,
      maritalStatusCode: 'M',
      nationality: 'Saudi Arabia',
      nationalityISOCode: 'SA',
      occupation: 'Teacher',
      idType: 1,
      gender: 2,
      billingAddress: home(NOURA),
      shippingAddress: office(NOURA),
    },
  },
  {
    about: 'not in the shop yet',
    record: {
      fileNo: '70002',
      zipCode: '+966',
      phoneNo: '552345678',
      nationalID: '1097543217',
      email: 'fahad@example.com',
      dateOfBirth: '1992-11-01T21:00:00.000Z',
      dateOfBirthHijri: '1413-05-07',
      name: {
        firstName: 'Fahad',
        middleName: 'Nasser',
        lastName: 'Al-Otaibi',
        firstNameAr: 'فهد',
        middleNameAr: 'ناصر',
        lastNameAr: 'العتيبي',
      },
      maritalStatus: 1,
      maritalStatusCode: 'S',
      nationality: 'Saudi Arabia',
      nationalityISOCode: 'SA',
      occupation: 'Engineer',
      idType: 1,
      gender: 1,
      billingAddress: home(FAHAD),
      shippingAddress: office(FAHAD),
    },
  },
  {
    about: 'a resident; in the shop as a plain shopper, and little is known of him',
    record: {
      fileNo: '70003',
      zipCode: '+966',
      phoneNo: '502345678',
      nationalID: '2345678904',
      email: null,
      dateOfBirth: '1978-07-19T21:00:00.000Z',
      dateOfBirthHijri: null,
      name: {
        firstName: 'Omar',
        middleName: '',
        lastName: 'Khan',
        firstNameAr: null,
        middleNameAr: null,
        lastNameAr: null,
      },
      maritalStatus: 0,
      maritalStatusCode: null,
      nationality: 'Pakistan',
      nationalityISOCode: 'PK',
      occupation: null,
      idType: 2,
      gender: 1,
      billingAddress: null,
      shippingAddress: null,
    },
  },
];
