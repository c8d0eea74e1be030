// Owns the crypto surface's wire schemas of wallet authorizations, to and from the core.
import Type, { type Static } from 'typebox'
import { refuseField } from '../../core/fields.ts'
import { isInForce, type NewAuthorization } from '../../core/wallets/authorization-service.ts'
import { type Authorization, authorizationTypes, walletErrors } from '../../core/wallets/wallet.ts'
import {
  closed,
  fromWireId,
  Given,
  Id,
  LaterText,
  LaterTime,
  Nullable,
  named,
  Time,
  toWireTime,
} from './wire.ts'

const hexLengthMax = 200
const numberLengthMax = 78
const nameLengthMax = 200
const exampleToken = '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913'
const exampleSpender = '0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45'
const exampleHash = `0x${'9c'.repeat(32)}`

export const WirePermitDomain = Type.Object(
  {
    name: Given(nameLengthMax, 'As the token says in its EIP-712 domain', 'USD Coin'),
    version: Type.Optional(Given(nameLengthMax, 'Left out where the token has none', '2')),
    chainId: Type.Integer({ minimum: 0, description: "The wallet's chain", examples: [8453] }),
    verifyingContract: Given(hexLengthMax, 'The token', exampleToken),
  },
  named('PermitDomain'),
)

export const WireNewAuthorization = Type.Object(
  {
    type: Type.Enum([...authorizationTypes], {
      description: '`PERMIT` takes all but `txHash`; `NATIVE` takes `txHash` alone',
    }),
    token: Type.Optional(Given(hexLengthMax, 'The token contract', exampleToken)),
    spender: Type.Optional(Given(hexLengthMax, 'Who may spend', exampleSpender)),
    value: Type.Optional(
      Given(numberLengthMax, "How much, in the token's smallest unit: a uint256", '25000000'),
    ),
    nonce: Type.Optional(Given(numberLengthMax, "The owner's nonce at the token: a uint256", '0')),
    deadline: Type.Optional(
      Type.Integer({
        description: 'Until when it is good, in seconds since 1970',
        examples: [1_893_456_000],
      }),
    ),
    signature: Type.Optional(
      Given(hexLengthMax, 'Of the typed data (EIP-712): 65 bytes', `0x${'4f'.repeat(64)}1b`),
    ),
    domain: Type.Optional(WirePermitDomain),
    txHash: Type.Optional(Given(hexLengthMax, 'The transaction that approves', exampleHash)),
  },
  named('WalletAuthorizationParams'),
)

export const WireAuthorization = Type.Object(
  {
    id: Id('Authorization ID (UUID)'),
    walletId: Id('The wallet'),
    type: Type.Enum([...authorizationTypes], { description: 'How it was given' }),
    isActive: Type.Boolean({ description: 'Neither revoked nor past its deadline' }),
    token: LaterText('The token contract; null where it is native'),
    spender: LaterText('Who may spend; null where it is native'),
    value: LaterText("How much, in the token's smallest unit; null where it is native"),
    nonce: LaterText("The owner's nonce at the token; null where it is native"),
    deadline: Nullable(
      Type.Integer({ description: 'Seconds since 1970; null where it is native' }),
    ),
    txHash: LaterText('The transaction that approves; null for a permit'),
    createdAt: Time('When it was given'),
    expiresAt: LaterTime('When it ends by itself'),
    revokedAt: LaterTime('When it was revoked'),
  },
  named('WalletAuthorization'),
)
export type WireAuthorization = Static<typeof WireAuthorization>

export const AuthorizationParams = Type.Object(
  {
    id: Id('The customer'),
    walletId: Id('The wallet'),
    authorizationId: Id('The authorization'),
  },
  closed,
)

/** Error: `authorization_not_found`. */
export function fromWireAuthorizationId(text: string): string {
  return fromWireId('authorization', text, walletErrors.authorization_not_found)
}

type NewWireAuthorization = Static<typeof WireNewAuthorization>

/** Error: `field_invalid`, for a member that its type needs, or does not take. */
export function fromWireAuthorization(body: NewWireAuthorization): NewAuthorization {
  if (body.type === 'NATIVE') {
    const { type, txHash, ...rest } = body
    refuseMembers(rest, type)
    return { type, txHash: needed('txHash', txHash, type) }
  }
  const { type, txHash, ...rest } = body
  refuseMembers({ txHash }, type)
  const domain = needed('domain', rest.domain, type)
  const permit = {
    token: needed('token', rest.token, type),
    spender: needed('spender', rest.spender, type),
    value: needed('value', rest.value, type),
    nonce: needed('nonce', rest.nonce, type),
    deadline: needed('deadline', rest.deadline, type),
    signature: needed('signature', rest.signature, type),
    domain: { ...domain, version: domain.version ?? null },
  }
  return { type, permit }
}

function needed<T>(name: string, value: T | undefined, type: string): T {
  return value ?? refuseField(name, `is missing, and ${type} needs it`)
}

function refuseMembers(members: object, type: string): void {
  const [given] = Object.entries(members).find(([, value]) => value !== undefined) ?? []
  if (given !== undefined) refuseField(given, `is not taken with ${type}`)
}

export function toWireAuthorization(authorization: Authorization, now: number): WireAuthorization {
  const { id, walletId, type, permit, txHash } = authorization
  return {
    id,
    walletId,
    type,
    isActive: isInForce(authorization, now),
    token: permit?.token ?? null,
    spender: permit?.spender ?? null,
    value: permit?.value ?? null,
    nonce: permit?.nonce ?? null,
    deadline: permit?.deadline ?? null,
    txHash,
    createdAt: toWireTime(authorization.createdAt),
    expiresAt: toWireTime(authorization.validUntil),
    revokedAt: toWireTime(authorization.revokedAt),
  }
}
