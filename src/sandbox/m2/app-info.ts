/** The shop's own module: what it says of itself in the language of the store view. All of it is made up. */
import type { Route } from './router.ts';
import type { StoreView } from './stores.ts';

const ACCESS = 'Hmg_Customer::manage';

const ENGLISH = [
  {
    question: 'How long does a delivery take?',
    answer: 'Within Riyadh, Jeddah and Dammam one day, elsewhere in the Kingdom up to three.',
  },
  {
    question: 'Can I hand in a prescription of another hospital?',
    answer: 'Yes. Take a picture of it at checkout; a pharmacist reads it before anything is sent.',
  },
  {
    question: 'What are Lakum points worth?',
    answer: 'One point is worth 0.50 SAR at checkout.',
  },
];

const ARABIC = [
  {
    question: 'كم يستغرق التوصيل؟',
    answer: 'يوم واحد في الرياض وجدة والدمام، وحتى ثلاثة أيام في بقية مناطق المملكة.',
  },
  {
    question: 'هل يمكنني تقديم وصفة من مستشفى آخر؟',
    answer: 'نعم. صوّرها عند إتمام الطلب، ويراجعها صيدلي قبل الإرسال.',
  },
  {
    question: 'كم تساوي نقاط لكم؟',
    answer: 'النقطة الواحدة تساوي نصف ريال عند الدفع.',
  },
];

function appInfo(path: 'en' | 'ar'): object {
  return {
    support_email: 'care@shop.example.com',
    support_phone: '+966 11 000 0000',
    terms_url: `https://shop.example.com/${path}/terms`,
    terms_version: '2026-01',
    privacy_url: `https://shop.example.com/${path}/privacy`,
    minimum_versions: [
      { platform: 'android', version: '3.2.0' },
      { platform: 'ios', version: '3.1.0' },
    ],
    social_accounts: [
      { name: 'X', url: 'https://social.example.com/x/pharmacy' },
      {
        name: path === 'ar' ? 'إنستغرام' : 'Instagram',
        url: 'https://social.example.com/instagram/pharmacy',
      },
    ],
  };
}

const pathOf = ({ locale }: StoreView) => (locale.startsWith('ar') ? 'ar' : 'en');

/** `GET V1/hmg/app-info`, `GET V1/hmg/faqs` */
export const appInfoRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/V1/hmg/app-info',
    access: ACCESS,
    answer: ({ store }) => appInfo(pathOf(store)),
  },
  {
    method: 'GET',
    path: '/V1/hmg/faqs',
    access: ACCESS,
    answer: ({ store }) => ({ faqs: pathOf(store) === 'ar' ? ARABIC : ENGLISH }),
  },
];
