/** The custom attributes that the stand-in's shop knows, and how Magento describes them. */
import { noSuchEntity } from './errors.ts';
import type { Route } from './router.ts';
import type { Shop } from './shop.ts';

type Input = 'text' | 'textarea' | 'boolean' | 'select' | 'multiselect' | 'date' | 'decimal' | 'image';
type Backend = 'varchar' | 'int' | 'datetime' | 'decimal' | 'text';

/** One custom attribute: its code, and the kind of field that a shop's admin chose for it. */
export interface Attribute {
  code: string;
  input: Input;
  /** Labels by option id, for selects. */
  options?: Readonly<Record<string, string>>;
}

const BACKENDS: Record<Input, Backend> = {
  text: 'varchar',
  textarea: 'text',
  boolean: 'int',
  select: 'int',
  multiselect: 'varchar',
  date: 'datetime',
  decimal: 'decimal',
  image: 'varchar',
};

/** The type of the table column behind an attribute. */
export function backendOf(attribute: Attribute): Backend {
  return BACKENDS[attribute.input];
}

function texts(...codes: string[]): Attribute[] {
  return codes.map((code) => ({ code, input: 'text' }));
}

function yesNo(...codes: string[]): Attribute[] {
  return codes.map((code) => ({ code, input: 'boolean' }));
}

/** What a shop set up for this service has beside stock Magento. */
export const CUSTOMER_ATTRIBUTES: readonly Attribute[] = [
  ...texts('phone_number', 'zip_code', 'dob_hijri', 'firstname_ar', 'middlename_ar', 'lastname_ar'),
  ...texts('marital_status', 'nationality', 'nationality_iso_code', 'occupation', 'latitude', 'longtitude'),
  ...texts('profile_picture', 'national_id', 'file_no', 'id_type'),
  ...yesNo('is_patient', 'phone_verified', 'email_verified', 'verified_without_otp'),
  ...texts('country', 'city', 'language', 'google_sub', 'apple_sub', 'terms_version', 'terms_accepted_at'),
];

/** The same of addresses. */
export const ADDRESS_ATTRIBUTES: readonly Attribute[] = texts(
  'address_label',
  'latitude',
  'longitude',
  'email',
);

function optionsOf({ input, options }: Attribute): { label: string; value: string }[] {
  if (input === 'boolean') {
    return [
      { label: 'Yes', value: '1' },
      { label: 'No', value: '0' },
    ];
  }
  if (!options) return [];
  const named = Object.entries(options).map(([value, label]) => ({ label, value }));
  return [{ label: ' ', value: '' }, ...named];
}

function metadata(attribute: Attribute, sortOrder: number): object {
  const label = attribute.code
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
  return {
    frontend_input: attribute.input === 'decimal' ? 'text' : attribute.input,
    input_filter: '',
    store_label: label,
    validation_rules: [],
    multiline_count: 0,
    visible: true,
    required: false,
    data_model: '',
    options: optionsOf(attribute),
    frontend_class: '',
    user_defined: true,
    sort_order: sortOrder,
    frontend_label: label,
    note: '',
    system: false,
    backend_type: backendOf(attribute),
    is_used_in_grid: false,
    is_visible_in_grid: false,
    is_filterable_in_grid: false,
    is_searchable_in_grid: false,
    attribute_code: attribute.code,
  };
}

const FIRST_SORT_ORDER = 500;

/** `GET V1/attributeMetadata/{customer,customerAddress}/{custom,attribute/{code}}` */
export function attributeRoutes(shop: Shop): Route[] {
  const { customer, address } = shop.attributes;
  const kinds = [
    { path: 'customer', type: 'customer', attributes: customer, first: FIRST_SORT_ORDER },
    {
      path: 'customerAddress',
      type: 'customer_address',
      attributes: address,
      first: FIRST_SORT_ORDER + customer.length,
    },
  ];
  return kinds.flatMap(({ path, type, attributes, first }): Route[] => [
    {
      method: 'GET',
      path: `/V1/attributeMetadata/${path}/custom`,
      access: 'Magento_Customer::customer',
      answer: () => attributes.map((attribute, index) => metadata(attribute, first + index)),
    },
    {
      method: 'GET',
      path: `/V1/attributeMetadata/${path}/attribute/{code}`,
      access: 'Magento_Customer::customer',
      answer(call) {
        const code = call.param('code');
        const index = attributes.findIndex((attribute) => attribute.code === code);
        const attribute = attributes[index];
        if (!attribute) throw noSuchEntity({ entityType: type, attributeCode: code });
        return metadata(attribute, first + index);
      },
    },
  ]);
}
