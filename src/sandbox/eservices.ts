/** The stand-in of EServices, the hospital's middleware. */
import { z } from 'zod';
import { listen, type StandIn } from './listen.ts';
import { PATIENTS, type PatientRecord } from './patients.ts';

const Exists = z.object({ phoneNo: z.string() });
const Login = z.object({ type: z.enum(['nationalId', 'patientId']), value: z.string(), phone: z.string() });

function patientBy({ type, value }: z.infer<typeof Login>): PatientRecord | undefined {
  const records = PATIENTS.map(({ record }) => record);
  return records.find(({ nationalID, fileNo }) => (type === 'nationalId' ? nationalID : fileNo) === value);
}

/**
 * `POST /api/customer/is_patient_exists` and `POST /api/customer/login`.
 *
 * How the real one refuses is not documented, so this one does it in two ways: an unknown ID is a 404, a
 * known one with another phone is `null`. Phones count only without country code and without leading 0.
 */
export function startEServices(): Promise<StandIn> {
  return listen((app) => {
    app.post('/api/customer/is_patient_exists', async (request, reply) => {
      const asked = Exists.safeParse(request.body);
      if (!asked.success) return reply.code(400).send({ message: 'phoneNo is required' });
      const isThere = PATIENTS.some(({ record }) => record.phoneNo === asked.data.phoneNo);
      return reply.type('application/json').send(JSON.stringify(isThere));
    });
    app.post('/api/customer/login', async (request, reply) => {
      const asked = Login.safeParse(request.body);
      if (!asked.success) return reply.code(400).send({ message: 'type, value and phone are required' });
      const record = patientBy(asked.data);
      if (!record) return reply.code(404).send({ message: 'patient not found' });
      const answer = record.phoneNo === asked.data.phone ? record : null;
      return reply.type('application/json').send(JSON.stringify(answer));
    });
  });
}
