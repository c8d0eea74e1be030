// Owns the chains that a wallet can be on.
import { refuseField } from '../fields.ts'

export interface Chain {
  chainId: number
  name: string
  family: 'evm' | 'solana'
}

const evm = (chainId: number, name: string): Chain => ({ chainId, name, family: 'evm' })
const solana = (chainId: number, name: string): Chain => ({ chainId, name, family: 'solana' })

/** Names as viem/chains has them, which a test holds against these: the library brings hundreds. */
export const chains: readonly Chain[] = [
  evm(1, 'Ethereum'),
  evm(10, 'OP Mainnet'),
  evm(56, 'BNB Smart Chain'),
  evm(137, 'Polygon'),
  evm(8453, 'Base'),
  evm(42161, 'Arbitrum One'),
  evm(43114, 'Avalanche'),
  evm(11155111, 'Sepolia'),
  evm(80002, 'Polygon Amoy'),
  evm(84532, 'Base Sepolia'),
  solana(101, 'Solana Mainnet'),
  solana(102, 'Solana Testnet'),
  solana(103, 'Solana Devnet'),
]

const byId: ReadonlyMap<number, Chain> = new Map(chains.map((chain) => [chain.chainId, chain]))

export function findChain(chainId: number): Chain | null {
  return byId.get(chainId) ?? null
}

/** Error: `field_invalid`, which names the known ones. */
export function checkChain(param: string, chainId: number): Chain {
  const known = chains.map((chain) => `${chain.chainId} ${chain.name}`).join(', ')
  return findChain(chainId) ?? refuseField(param, `is not a chain known here; known: ${known}`)
}

/** Error: `field_invalid`, for what only EVM chains have. */
export function requireEvm(param: string, chainId: number): void {
  if (findChain(chainId)?.family === 'evm') return
  refuseField(param, "is for wallets on EVM chains only, and this wallet's chain is none")
}
