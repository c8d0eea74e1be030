// Owns the sandbox provider: behaves like one, keeps its state in the database, calls nobody.
//
// It stands in for each provider in a test app that has no connection. A registration goes through
// its states by itself, as time passes; the e-mail says how.
import { AppError } from '../../core/errors.ts'
import {
  type FieldOutcome,
  type Provider,
  type ProviderConnection,
  type ProviderCustomer,
  providerErrors,
  pushedValue,
  type RemoteRecord,
  type RemoteState,
  type SyncField,
} from '../../core/provider.ts'
import { canonicalJson, type Json } from '../../lib/canonical.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../../storage/database.ts'
import type { Vault } from '../../vault/vault.ts'
import { rejected, unavailable } from '../http-client.ts'
import { behaviourOf, stateOf } from './sandbox-behaviour.ts'
import {
  insertSandboxCustomer,
  type SandboxCustomer,
  selectByKey,
  selectSandboxCustomer,
  selectSandboxCustomerForUpdate,
  updateSandboxCustomer,
} from './sandbox-store.ts'

export interface SandboxParts {
  database: Database
  vault: Vault
  clock: Clock
}

export function createSandbox(parts: SandboxParts): Provider {
  return {
    credentials: [],
    roles: ['customer', 'connected_account', 'subaccount'],
    requiredFields: () => [{ field: 'email', description: 'It says how the sandbox behaves' }],
    modeOf: () => 'test',
    firstPollMs: 1_000,
    check: async () => {},
    register: (connection, request) => register(parts, connection, request),
    read: async (connection, record) =>
      toState(parts, await getCustomer(parts, connection, record)),
    push: (connection, record, push) => pushFields(parts, connection, { record, ...push }),
    async balance(connection, record) {
      const { remoteId, balances } = await getCustomer(parts, connection, record)
      const totals = Object.entries(balances).map(([currency, { available, pending }]) => {
        return { currency, available, pending, reserved: 0, instantPayouts: available }
      })
      return [{ accountId: remoteId, totals }]
    },
    async sendFile(connection, record, file) {
      await change(parts, connection, record, (customer) => {
        customer.documents += 1
        customer.documentsAt ??= parts.clock.now()
      })
      return { outcome: 'sent', remoteFileId: `sandbox_${file.id}` }
    },
    async parseWebhook() {
      // Its state is asked for; nobody can send a webhook in its name.
      throw new AppError(providerErrors.webhook_signature_invalid)
    },
  }
}

/** What an account of the sandbox holds, set by whoever tries balances out. Minor units. */
export async function depositInSandbox(
  parts: SandboxParts,
  connection: ProviderConnection,
  deposit: { remoteId: string; currency: string; available: number; pending: number },
): Promise<void> {
  const { currency, available, pending } = deposit
  await change(parts, connection, deposit, ({ balances }) => {
    const held = balances[currency] ?? { available: 0, pending: 0 }
    balances[currency] = { available: held.available + available, pending: held.pending + pending }
  })
}

async function register(
  parts: SandboxParts,
  { appId }: ProviderConnection,
  request: Parameters<Provider['register']>[1],
): Promise<RemoteState> {
  const { role, customer, idempotencyKey } = request
  const behaviour = behaviourOf(customer.email)
  if (behaviour === 'down') throw down()
  const made = await parts.database.ofApp(appId).transaction(async (db) => {
    const created: SandboxCustomer = {
      remoteId: `sbx_${idempotencyKey.replaceAll('-', '')}`,
      role,
      idempotencyKey,
      behaviour,
      documents: 0,
      documentsAt: null,
      fieldHashes: {},
      balances: { [currencyOf(customer.country)]: { available: 0, pending: 0 } },
      createdAt: parts.clock.now(),
    }
    // Asked twice at once, the first one's answer stands.
    await insertSandboxCustomer(db, appId, created)
    return selectByKey(db, { appId, idempotencyKey })
  })
  return toState(parts, made)
}

async function pushFields(
  parts: SandboxParts,
  connection: ProviderConnection,
  push: { record: RemoteRecord; customer: ProviderCustomer; fields: readonly SyncField[] },
): Promise<FieldOutcome[]> {
  // Whoever moves to an e-mail that is down has moved the whole record there.
  if (behaviourOf(push.customer.email) === 'down') throw down()
  return change(parts, connection, push.record, ({ fieldHashes }) =>
    push.fields.map((field) => {
      const hash = hashOf(parts, connection, pushedValue(field, push.customer))
      const outcome = fieldHashes[field] === hash ? 'unchanged' : 'updated'
      fieldHashes[field] = hash
      return { field, outcome, reason: null }
    }),
  )
}

async function getCustomer(
  parts: SandboxParts,
  { appId }: ProviderConnection,
  { remoteId }: Pick<RemoteRecord, 'remoteId'>,
): Promise<SandboxCustomer> {
  const { reader } = parts.database.ofApp(appId)
  return reached(await selectSandboxCustomer(reader, { appId, remoteId }))
}

/** Read and written in one transaction: of two changes at once neither is lost. */
function change<T>(
  { database }: SandboxParts,
  { appId }: ProviderConnection,
  { remoteId }: Pick<RemoteRecord, 'remoteId'>,
  apply: (customer: SandboxCustomer) => T,
): Promise<T> {
  return database.ofApp(appId).transaction(async (db) => {
    const customer = reached(await selectSandboxCustomerForUpdate(db, { appId, remoteId }))
    const result = apply(customer)
    await updateSandboxCustomer(db, appId, customer)
    return result
  })
}

function reached(found: SandboxCustomer | null): SandboxCustomer {
  if (!found) throw rejected('it does not know this customer')
  if (found.behaviour === 'down') throw down()
  return found
}

function toState({ clock }: SandboxParts, customer: SandboxCustomer): RemoteState {
  const { remoteId } = customer
  return { remoteId, actionUrl: null, facts: { sandbox: true }, ...stateOf(customer, clock.now()) }
}

const down = () => unavailable('The sandbox plays a provider that is down.')

/** Keyed and per app: what is stored here tells nobody a value. */
function hashOf({ vault }: SandboxParts, { appId }: ProviderConnection, value: Json): string {
  return vault.fingerprint(appId, `sandbox\n${canonicalJson(value)}`).toString('hex')
}

const currencies: Readonly<Record<string, string>> = { BR: 'BRL', AR: 'ARS', MX: 'MXN', CO: 'COP' }

const currencyOf = (country: string | null): string => currencies[country ?? ''] ?? 'USD'
