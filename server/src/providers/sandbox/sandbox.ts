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
import { unavailable } from '../http-client.ts'
import { behaviourOf, stateOf } from './sandbox-behaviour.ts'
import {
  insertSandboxCustomer,
  type SandboxCustomer,
  selectByKey,
  selectSandboxCustomer,
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
      const customer = await getCustomer(parts, connection, record)
      const documentsAt = customer.documentsAt ?? parts.clock.now()
      const next = { ...customer, documents: customer.documents + 1, documentsAt }
      await save(parts, connection, next)
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
  const { remoteId, currency, available, pending } = deposit
  const customer = await getCustomer(parts, connection, { remoteId })
  const held = customer.balances[currency] ?? { available: 0, pending: 0 }
  const sum = { available: held.available + available, pending: held.pending + pending }
  const balances = { ...customer.balances, [currency]: sum }
  await save(parts, connection, { ...customer, balances })
}

async function register(
  parts: SandboxParts,
  { appId }: ProviderConnection,
  request: Parameters<Provider['register']>[1],
): Promise<RemoteState> {
  const { role, customer, idempotencyKey } = request
  const behaviour = behaviourOf(customer.email)
  if (behaviour === 'down') throw down()
  const made = await parts.database.transaction(async (db) => {
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
  const known = await getCustomer(parts, connection, push.record)
  // Whoever moves to an e-mail that is down has moved the whole record there.
  if (behaviourOf(push.customer.email) === 'down') throw down()
  const hashes = { ...known.fieldHashes }
  const outcomes = push.fields.map((field): FieldOutcome => {
    const hash = hashOf(parts, connection, pushedValue(field, push.customer))
    const outcome = hashes[field] === hash ? 'unchanged' : 'updated'
    hashes[field] = hash
    return { field, outcome, reason: null }
  })
  await save(parts, connection, { ...known, fieldHashes: hashes })
  return outcomes
}

async function getCustomer(
  parts: SandboxParts,
  { appId }: ProviderConnection,
  { remoteId }: Pick<RemoteRecord, 'remoteId'>,
): Promise<SandboxCustomer> {
  const found = await selectSandboxCustomer(parts.database.reader, { appId, remoteId })
  if (!found) {
    const detail = 'The provider refused the request: it does not know this customer.'
    throw new AppError(providerErrors.provider_rejected, { detail })
  }
  if (found.behaviour === 'down') throw down()
  return found
}

function save(
  parts: SandboxParts,
  { appId }: ProviderConnection,
  customer: SandboxCustomer,
): Promise<void> {
  return parts.database.transaction((db) => updateSandboxCustomer(db, appId, customer))
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
