/** What customers do, and all that goes wrong for them: for whoever wants to watch a service live through it. */
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { as, dataOf, messageTo, saudi, wrongFor } from '../journeys/steps.ts';
import { serviceToken } from '../server/services.ts';
import * as on from './operations.ts';
import type { RunningService } from './service.ts';

const NEW_PASSWORDS = [
  'Seven plum trees, 1 row',
  'Eight plum trees, 2 rows',
  'Nine plum trees, 3 rows',
] as const;
const ZUBAYDAH = {
  phone: saudi('561118801'),
  firstName: 'Zubaydah',
  lastName: 'Palmgrove',
  email: 'Zubaydah.Palmgrove@example.com',
};
const ADDRESS = {
  firstName: 'Zubaydah',
  lastName: 'Palmgrove',
  street: ['77 Hidden Lane'],
  city: 'Riyadh',
  postcode: '12345',
  telephone: '0561118802',
  email: 'door@example.com',
  latitude: 24.713612,
  longitude: 46.675312,
};

/** The life of customers of the sandbox's shop, whose every operation goes through `ask`. */
export function lifeOf(ask: RunningService['ask'], sandbox: () => Sandbox) {
  const signIn = async (number: string, device?: on.DeviceInput) => {
    const { login } = dataOf(await ask(on.LoginDocument, { input: { phone: saudi(number) } }));
    return verify(as('OtpChallenge', login), device);
  };
  const verify = async (
    { otpId, otpCode }: { otpId: string; otpCode: string | null },
    device?: on.DeviceInput,
  ) => {
    const input = { otpId, otpCode: otpCode ?? '', ...(device && { device }) };
    const { verifyOtp } = dataOf(await ask(on.VerifyOtpDocument, { input }));
    return verifyOtp;
  };
  const sessionOf = async (number: string, device?: on.DeviceInput) => {
    const { accessToken: token, refreshToken } = as('CustomerSession', await signIn(number, device));
    const { addresses } = dataOf(await ask(on.AddressesDocument, {}, { token }));
    return { token, refreshToken, addressId: addresses?.[0]?.id ?? '' };
  };

  /** Signing in by every way, and every way in which people fail at it. */
  async function signInInEveryWay(): Promise<void> {
    const unknown = as('CustomerNotRegisteredError', await signIn(ZUBAYDAH.phone.number));
    const taken = { ...ZUBAYDAH, email: 'sara@example.com', phoneProof: unknown.phoneProof };
    const { register: conflict } = dataOf(await ask(on.RegisterDocument, { input: taken }));
    const { phoneProof } = as('CustomerConflictError', conflict);
    const device = {
      deviceId: 'zubaydahs-own-phone',
      name: 'Zubaydah’s',
      registrationId: 'push-token-of-hers',
    };
    const proven = { ...ZUBAYDAH, phoneProof, device };
    as('CustomerSession', dataOf(await ask(on.RegisterDocument, { input: proven })).register);
    const { hmgLogin } = dataOf(
      await ask(on.HmgLoginDocument, { input: { phone: saudi('551234567'), nationalId: '1097543217' } }),
    );
    const stranger = as('PatientNotFoundError', await verify(as('OtpChallenge', hmgLogin)));
    const fileNo = { phone: saudi('551234567'), fileNo: '70001', phoneProof: stranger.phoneProof };
    as('CustomerSession', dataOf(await ask(on.HmgLoginDocument, { input: fileNo })).hmgLogin);
    const fahad = { phone: saudi('552345678'), nationalId: '1097543217' };
    const asked = as('OtpChallenge', dataOf(await ask(on.HmgLoginDocument, { input: fahad })).hmgLogin);
    const { resendOtp } = dataOf(await ask(on.ResendOtpDocument, { otpId: asked.otpId }));
    as('CustomerSession', await verify(as('OtpChallenge', resendOtp)));

    const phone = saudi('503456789');
    for (let guess = 0; guess < 10; guess += 5) {
      const { login } = dataOf(await ask(on.LoginDocument, { input: { phone } }));
      const { otpId, otpCode } = as('OtpChallenge', login);
      for (let attempt = 0; attempt < 5; attempt++) await verify({ otpId, otpCode: wrongFor(otpCode) });
    }
    const byMail = dataOf(await ask(on.LoginDocument, { input: { email: 'lina@example.com' } })).login;
    as('CustomerSession', await verify(as('OtpChallenge', byMail)));
    for (const password of ['Sandbox-Guess-1', 'Sandbox-Omar-1']) {
      const input = { email: 'omar@example.com', password };
      const { loginWithPassword } = dataOf(await ask(on.LoginWithPasswordDocument, { input }));
      if (loginWithPassword.__typename === 'OtpChallenge') await verify(loginWithPassword);
    }
    const idToken = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzYXJhIn0.c2lnbmF0dXJl';
    await ask(on.LoginWithSocialDocument, {
      input: { provider: 'GOOGLE', idToken, nonce: 'n0nce-of-hers-12345678' },
    });
    const bad = {
      phone: { zipCode: '+44', number: '07400 123456' },
      email: 'nobody',
      firstName: '<b>',
      lastName: '',
    };
    as('CustomerInputError', dataOf(await ask(on.RegisterDocument, { input: bad })).register);
  }

  /** An account by e-mail and password, with everything of it changed, and deleted in the end. */
  async function comeAndGo(): Promise<void> {
    const account = { ...ZUBAYDAH, email: 'z.palmgrove@example.com', phone: saudi('561118806') };
    const { registerWithPassword } = dataOf(
      await ask(on.RegisterWithPasswordDocument, { input: { ...account, password: NEW_PASSWORDS[0] } }),
    );
    const { identifier, key } = as('EmailChallenge', registerWithPassword);
    const link = { identifier, key: key ?? '' };
    await ask(on.ActivateAccountDocument, { input: { ...link, key: `${key}x` } });
    const { activateAccount } = dataOf(await ask(on.ActivateAccountDocument, { input: link }));
    const mine = { token: as('CustomerSession', activateAccount).accessToken };
    const phone = saudi('561118807');
    const { requestPhoneChange } = dataOf(await ask(on.RequestPhoneChangeDocument, { phone }, mine));
    const { otpId, otpCode } = as('OtpChallenge', requestPhoneChange);
    await ask(on.ConfirmPhoneChangeDocument, { otpId, otpCode: wrongFor(otpCode) }, mine);
    await ask(on.ConfirmPhoneChangeDocument, { otpId, otpCode: otpCode ?? '' }, mine);
    for (const newEmail of ['sara@example.com', 'zp.new@example.com']) {
      const { requestEmailChange } = dataOf(await ask(on.RequestEmailChangeDocument, { newEmail }, mine));
      const mailed = as('EmailChallenge', requestEmailChange);
      await ask(on.ConfirmEmailChangeDocument, { identifier: mailed.identifier, key: mailed.key ?? '' });
    }
    const profile = { dateOfBirth: '1991-02-03', occupation: 'Falconer', firstNameAr: 'زبيدة' };
    await ask(on.UpdateCustomerDocument, { input: profile }, mine);
    const device = { deviceId: 'zubaydahs-other-phone', registrationId: 'push-token-of-that-one' };
    await ask(on.UpdateDeviceDocument, { input: device }, mine);
    as('CustomerDeleted', dataOf(await ask(on.DeleteCustomerDocument, {}, mine)).deleteCustomer);
  }

  /** Passwords forgotten and changed, addresses, cards, loyalty, devices and sessions. */
  async function liveOn(): Promise<void> {
    const { token, refreshToken } = await sessionOf('501234567', {
      deviceId: 'saras-own-phone',
      name: 'Sara’s',
    });
    const mine = { token };
    await ask(on.CustomerOverviewDocument, {}, mine);
    const { addAddress } = dataOf(await ask(on.AddAddressDocument, { input: ADDRESS }, mine));
    const { id, version } = as('CustomerAddress', addAddress);
    const input = { telephone: '0561118803', street: ['78 Hidden Lane'] };
    await ask(on.UpdateAddressDocument, { id, input, version }, mine);
    const conflict = dataOf(await ask(on.UpdateAddressDocument, { id, input, version }, mine)).updateAddress;
    as('AddressConflictError', conflict);
    await ask(on.DeleteAddressDocument, { id }, mine);
    await ask(on.DeleteCardDocument, { id: '9003' }, mine);
    const omar = await sessionOf('502345678');
    const { joinLoyalty } = dataOf(await ask(on.JoinLoyaltyDocument, {}, omar));
    const { otpId, otpCode } = as('OtpChallenge', joinLoyalty);
    await ask(on.ConfirmLoyaltyDocument, { otpId, otpCode: wrongFor(otpCode) }, omar);
    await ask(on.ConfirmLoyaltyDocument, { otpId, otpCode: otpCode ?? '' }, omar);

    const redirectUri = 'https://shop.example.com/new-password';
    for (const userIdentifier of [
      'sara@example.com',
      '0501234567',
      '1088123458',
      '70001',
      'nobody@example.com',
    ]) {
      await ask(on.RequestPasswordResetDocument, { input: { userIdentifier } });
      await ask(on.RequestPasswordResetDocument, { input: { userIdentifier, redirectUri } });
    }
    const { text } = await messageTo(sandbox(), 'sara@example.com', 'There was a request');
    const link = new URL(text.match(/https?:\S+/)?.[0] ?? '').searchParams;
    const reset = { customerId: link.get('id') ?? '', token: link.get('token') ?? '' };
    await ask(on.VerifyPasswordResetTokenDocument, { input: reset });
    await ask(on.ResetPasswordDocument, { input: { ...reset, newPassword: 'Sara-Sara-Sara-Sara-1' } });
    const { resetPassword } = dataOf(
      await ask(on.ResetPasswordDocument, { input: { ...reset, newPassword: NEW_PASSWORDS[0] } }),
    );
    as('CustomerAcknowledgement', resetPassword);
    await ask(on.ResetPasswordDocument, { input: { ...reset, newPassword: NEW_PASSWORDS[1] } });
    await ask(on.RefreshSessionDocument, { refreshToken });
    const again = await sessionOf('501234567');
    for (const currentPassword of ['Sandbox-Wrong-1', NEW_PASSWORDS[0]]) {
      const changing = { currentPassword, newPassword: NEW_PASSWORDS[2] };
      await ask(on.UpdatePasswordDocument, { input: changing }, again);
    }
    const { refreshSession } = dataOf(await ask(on.RefreshSessionDocument, again));
    const renewed = as('CustomerSession', refreshSession);
    await ask(on.RefreshSessionDocument, { refreshToken: renewed.refreshToken });
    await ask(on.RefreshSessionDocument, again);
    await ask(on.CustomerDocument, {}, again);
    await ask(on.LogoutDocument, {}, omar);
  }

  /** Whatever asks an upstream, all at once; what comes of it does not matter. */
  async function askForEverything(session: Awaited<ReturnType<typeof sessionOf>>): Promise<void> {
    const { token, refreshToken, addressId: id } = session;
    const mine = { token };
    const reset = { customerId: '1', token: 'r3setTokenThatNobodyHas0123456789' };
    const current = { currentPassword: NEW_PASSWORDS[2], newPassword: NEW_PASSWORDS[1] };
    const signingIn = [
      ask(on.LoginDocument, { input: { phone: saudi('502345678') } }).then(({ data }) => data?.login),
      ask(on.RegisterDocument, { input: { ...ZUBAYDAH, phone: saudi('561118805') } }).then(
        ({ data }) => data?.register,
      ),
      ask(on.HmgLoginDocument, { input: { phone: saudi('551234567'), nationalId: '1088123458' } }).then(
        ({ data }) => data?.hmgLogin,
      ),
    ];
    const { phone: _, ...account } = { ...ZUBAYDAH, email: 'z.other@example.com' };
    const entity = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Customer { email } } }';
    await Promise.all([
      ...signingIn.map(async (asking) => {
        const challenge = await asking;
        if (challenge?.__typename !== 'OtpChallenge') return;
        const { otpId, otpCode } = challenge;
        await ask(on.VerifyOtpDocument, { input: { otpId, otpCode: otpCode ?? '' } });
      }),
      ask(on.LoginWithPasswordDocument, { input: { email: 'omar@example.com', password: 'Sandbox-Omar-1' } }),
      ask(on.RegisterWithPasswordDocument, { input: account }),
      ask(on.RequestPhoneChangeDocument, { phone: saudi('561118808') }, mine),
      ask(on.RequestEmailChangeDocument, { newEmail: 'noura.new@example.com' }, mine),
      ask(on.UpdateCustomerDocument, { input: { occupation: 'Falconer' } }, mine),
      ask(on.NotificationsDocument, {}, mine),
      ask(on.WalletDocument, {}, mine),
      ask(on.CustomerOverviewDocument, {}, mine),
      ask(on.AddAddressDocument, { input: ADDRESS }, mine),
      ask(on.UpdateAddressDocument, { id, input: { ...ADDRESS, city: 'Jeddah' } }, mine),
      ask(on.DeleteAddressDocument, { id }, mine),
      ask(on.DeleteCardDocument, { id: '9001' }, mine),
      ask(on.JoinLoyaltyDocument, {}, mine),
      ask(on.RequestPasswordResetDocument, { input: { userIdentifier: 'sara@example.com' } }),
      ask(on.RequestPasswordResetDocument, { input: { userIdentifier: '1088123458' } }),
      ask(on.VerifyPasswordResetTokenDocument, { input: reset }),
      ask(on.ResetPasswordDocument, { input: { ...reset, newPassword: NEW_PASSWORDS[1] } }),
      ask(on.UpdatePasswordDocument, { input: current }, mine),
      ask(on.RefreshSessionDocument, { refreshToken }),
      ask(
        entity,
        { r: [{ __typename: 'Customer', id: '4' }] },
        { token: await serviceToken('customer:read') },
      ),
    ]);
  }

  return { sessionOf, signInInEveryWay, comeAndGo, liveOn, askForEverything };
}
