/** What the shop has told its made-up people, in both languages. */
import { type NotificationRow, timestamp } from './m2/shop.ts';

type Notification = Omit<NotificationRow, 'id'>;
type Texts = NotificationRow['texts'];

const HOUR_MS = 60 * 60 * 1000;

/** The last of an order's four steps is the newest. */
function orderTexts(order: number): Texts[] {
  return [
    {
      en: { title: 'Order received', body: `We have received your order ${order}.` },
      ar: { title: 'وصل الطلب', body: `وصلنا طلبك رقم ${order}.` },
    },
    {
      en: { title: 'Order packed', body: `Your order ${order} is packed.` },
      ar: { title: 'جُهّز الطلب', body: `جُهّز طلبك رقم ${order}.` },
    },
    {
      en: { title: 'Order on its way', body: `Your order ${order} comes today between 16:00 and 20:00.` },
      ar: { title: 'الطلب في الطريق', body: `يصل طلبك رقم ${order} اليوم بين الساعة 16:00 و20:00.` },
    },
    {
      en: { title: 'Order delivered', body: `Your order ${order} has been delivered. Get well soon!` },
      ar: { title: 'سُلّم الطلب', body: `سُلّم طلبك رقم ${order}. مع تمنياتنا بالشفاء العاجل.` },
    },
  ];
}

const PHARMACY: readonly Texts[] = [
  {
    en: { title: 'Prescription ready', body: 'The medicine of your prescription is ready to be delivered.' },
    ar: { title: 'الوصفة جاهزة', body: 'أدوية وصفتك جاهزة للتوصيل.' },
  },
  {
    en: { title: 'Refund', body: '37.50 SAR have been added to your wallet.' },
    ar: { title: 'استرداد مبلغ', body: 'أُضيف 37.50 ريال إلى محفظتك.' },
  },
  {
    en: { title: 'Time to refill', body: 'Your medicine lasts for five more days. Order the next pack now.' },
    ar: { title: 'حان وقت إعادة الصرف', body: 'يكفي دواؤك خمسة أيام أخرى. يمكن طلب العبوة التالية الآن.' },
  },
];

/** `stepHours` apart, the newest as old as that; all but the `unread` newest are read. */
function dated(texts: readonly Texts[], now: Date, stepHours: number, unread: number): Notification[] {
  return texts.map((both, index) => {
    const age = texts.length - index;
    return {
      created_at: timestamp(new Date(now.getTime() - age * stepHours * HOUR_MS)),
      is_read: age > unread,
      texts: both,
    };
  });
}

/** Six orders with four steps each, oldest first; the last three are unread. */
export function orderNotifications(now: Date): Notification[] {
  const orders = [1041, 1057, 1063, 1078, 1090, 1102];
  return dated(orders.flatMap(orderTexts), now, 7, 3);
}

/** Three about medicine and money, oldest first; the last two are unread. */
export function pharmacyNotifications(now: Date): Notification[] {
  return dated(PHARMACY, now, 26, 2);
}
