/** The messages that auth sends, put into words and handed to the two ports. */
import { codeMail } from '../../texts/code-mail.ts';
import { type CodePurpose, codeMessage } from '../../texts/code-message.ts';
import { notice } from '../../texts/email.ts';
import { type LinkPurpose, linkMail, takenMail } from '../../texts/link-mail.ts';
import { type NoticeKey, noticeMessage } from '../../texts/notice-message.ts';
import type { Language } from '../../texts/texts.ts';
import type { Phone } from '../../values/phone.ts';
import type { EmailMessage, EmailPort } from './email.ts';
import type { SmsPort } from './sms.ts';

export interface MessengerSettings {
  /** Host name of the page that asks for codes, for phones to fill them in. */
  webDomain: string | null;
  androidHash: string | null;
  supportPhone: string | null;
  /** How long a code is good for. */
  codeSeconds: number;
  /** The page that mailed links lead to. */
  linkUrl: string;
  /** How long a mailed link is good for. */
  linkSeconds: number;
  /** Of addresses that stand for none: whatever is meant for one is not sent. */
  placeholderDomain: string;
}

/** Every method rejects with `UPSTREAM_UNAVAILABLE` when the message was not taken. */
export function messengerOf(sms: SmsPort, email: EmailPort, settings: MessengerSettings) {
  const { webDomain, androidHash, supportPhone, linkUrl: pageUrl } = settings;
  const placeholders = `@${settings.placeholderDomain.toLowerCase()}`;
  const mail = async (message: EmailMessage): Promise<void> => {
    if (!message.to.toLowerCase().endsWith(placeholders)) await email.send(message);
  };
  const minutes = Math.round(settings.codeSeconds / 60);
  return {
    async sendCode(sent: {
      phone: Phone;
      code: string;
      purpose: CodePurpose;
      language: Language;
    }): Promise<void> {
      const { phone, code, purpose, language } = sent;
      const text = codeMessage({ language, code, purpose, webDomain, androidHash, minutes });
      await sms.send({ to: phone.e164, text, language });
    },
    async mailCode(sent: {
      email: string;
      code: string;
      purpose: CodePurpose;
      language: Language;
    }): Promise<void> {
      const { email: to, ...code } = sent;
      const content = codeMail({ ...code, seconds: settings.codeSeconds });
      await mail({ to, language: code.language, ...content });
    },
    async mailLink(sent: {
      email: string;
      purpose: LinkPurpose;
      identifier: string;
      key: string;
      language: Language;
    }): Promise<void> {
      const { email: to, purpose, identifier, key, language } = sent;
      const link = { pageUrl, purpose, identifier, key };
      await mail({ to, language, ...linkMail({ ...link, language, seconds: settings.linkSeconds }) });
    },
    async mailTaken(sent: { email: string; purpose: LinkPurpose; language: Language }): Promise<void> {
      const { email: to, purpose, language } = sent;
      await mail({ to, language, ...takenMail(language, purpose) });
    },
    /** `phone` in E.164 form. */
    async notifyBySms(key: NoticeKey, phone: string, language: Language): Promise<void> {
      await sms.send({ to: phone, text: noticeMessage(language, key), language });
    },
    async notifyByEmail(key: NoticeKey, to: string, language: Language): Promise<void> {
      await mail({ to, language, ...notice(language, key, { supportPhone }) });
    },
  };
}
