// Owns the outcomes of POST /customers/{id}/wallets.
import { describe, expect, test } from 'vitest'
import { chains } from '../../core/wallets/chains.ts'
import { cow, other, solanaAddress } from '../../core/wallets/testing/wallet-samples.ts'
import {
  fieldRefusal,
  refusal,
  refusalOf,
  spellingsOf,
  unknownIds,
  uuid,
  wireTime,
} from './test-customers.ts'
import { missing, newWallet, testWallets } from './test-wallets.ts'

const wallets = testWallets()
const add = (customerId: string, body: unknown) =>
  wallets.call('POST', `/customers/${customerId}/wallets`, { body })
const newCustomer = async () => (await wallets.saveCustomer()).id

describe('201', () => {
  test('every member of the wallet is there, with its chain', async () => {
    const customerId = await newCustomer()
    const answer = await add(customerId, newWallet)
    expect(answer.status).toBe(201)
    const { data } = answer.json
    expect(answer.json).toEqual({
      success: true,
      data: {
        id: expect.stringMatching(uuid),
        customerAccountId: customerId,
        ...newWallet,
        hasActiveAuthorization: false,
        authorizationType: null,
        authorizationTxHash: null,
        authorizedAt: null,
        ownershipVerifiedAt: null,
        createdAt: expect.stringMatching(wireTime),
        updatedAt: data.createdAt,
        chain: { chainId: 8453, name: 'Base' },
      },
    })
    expect(await wallets.shownWallets(customerId)).toEqual([data])
    const { chain, ...bare } = data
    const listed = await wallets.call('GET', '/customers')
    const [newest] = listed.json.data
    expect([newest.id, newest.wallets]).toEqual([customerId, [bare]])
    expect(await wallets.historyOf(customerId)).toEqual([
      '1 customer.created',
      '2 customer.wallet.added',
    ])
  })

  test.each([
    ['lower case', newWallet.walletAddress],
    ['upper case', `0x${newWallet.walletAddress.slice(2).toUpperCase()}`],
    ['its checksum', cow.address],
  ])('an EVM address in %s is shown in lower case', async (_name, walletAddress) => {
    const { json } = await add(await newCustomer(), { ...newWallet, walletAddress })
    expect(json.data.walletAddress).toBe(newWallet.walletAddress)
  })

  test('a Solana address stays as it was given', async () => {
    const body = { chainId: 101, walletAddress: solanaAddress }
    const { json } = await add(await newCustomer(), body)
    expect(json.data).toMatchObject({ ...body, chain: { chainId: 101, name: 'Solana Mainnet' } })
  })

  test('every chain that is known takes a wallet', async () => {
    const customerId = await newCustomer()
    for (const { chainId, name, family } of chains) {
      const walletAddress = family === 'evm' ? newWallet.walletAddress : solanaAddress
      const { json } = await add(customerId, { chainId, walletAddress })
      expect(json.data).toMatchObject({ chainId, chain: { chainId, name } })
    }
    expect(await wallets.shownWallets(customerId)).toHaveLength(13)
  })

  test('every spelling of the customer is that customer', async () => {
    const customerId = await newCustomer()
    for (const [at, spelling] of spellingsOf(customerId).entries()) {
      const { chainId = 0 } = chains[at] ?? {}
      const { status } = await add(spelling, { ...newWallet, chainId })
      expect(status).toBe(201)
    }
    expect(await wallets.shownWallets(customerId)).toHaveLength(4)
  })

  test('two customers of one app may have the same wallet', async () => {
    for (const customerId of [await newCustomer(), await newCustomer()]) {
      expect((await add(customerId, newWallet)).status).toBe(201)
    }
  })
})

describe('400', () => {
  const oneLetterOff = '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD827'
  test.each([
    ['has a wrong EIP-55 checksum; check each letter, or send it in lower case', oneLetterOff],
    ['has 39 digits after 0x, not 40', newWallet.walletAddress.slice(0, -1)],
    ['has 41 digits after 0x, not 40', `${newWallet.walletAddress}0`],
    ['begins with 0X; an address begins with 0x', newWallet.walletAddress.replace('x', 'X')],
    ['does not begin with 0x', solanaAddress],
    ['does not begin with 0x', ''],
  ])('an EVM address that %s: %s', async (rule, walletAddress) => {
    const customerId = await newCustomer()
    const answer = await add(customerId, { ...newWallet, walletAddress })
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual(fieldRefusal('walletAddress', rule))
    expect(await wallets.shownWallets(customerId)).toEqual([])
    expect(await wallets.historyOf(customerId)).toHaveLength(1)
  })

  test('a Solana address of 31 bytes, or of Ethereum', async () => {
    const customerId = await newCustomer()
    for (const walletAddress of ['1'.repeat(31), newWallet.walletAddress, 'O0Il']) {
      const answer = await add(customerId, { chainId: 101, walletAddress })
      expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', 'walletAddress'))
    }
  })

  test('a chain that is not known: the known ones are named', async () => {
    const answer = await add(await newCustomer(), { ...newWallet, chainId: 5 })
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', 'chainId'))
    for (const { chainId, name } of chains) {
      expect(answer.json.error.message).toContain(`${chainId} ${name}`)
    }
  })

  test.each<[string, object, string]>([
    ['a chain id as text', { ...newWallet, chainId: '8453' }, 'chainId'],
    ['half a chain', { ...newWallet, chainId: 1.5 }, 'chainId'],
    ['a negative chain', { ...newWallet, chainId: -1 }, 'chainId'],
    ['no chain', { walletAddress: newWallet.walletAddress }, 'chainId'],
    ['no address', { chainId: 1 }, 'walletAddress'],
    ['an address that is a number', { chainId: 1, walletAddress: 1 }, 'walletAddress'],
    [
      'an address of 201 characters',
      { ...newWallet, walletAddress: '1'.repeat(201) },
      'walletAddress',
    ],
    ['a member that is not known', { ...newWallet, id: 'x' }, 'id'],
  ])('%s is refused by its name, and nothing is written', async (_name, body, path) => {
    const customerId = await newCustomer()
    const answer = await add(customerId, body)
    expect(refusalOf(answer)).toEqual(refusal(400, 'VALIDATION_ERROR', path))
    expect(await wallets.shownWallets(customerId)).toEqual([])
  })
})

describe('404', () => {
  test.each(unknownIds('customer'))('"%s" is no customer', async (id) => {
    const answer = await add(id, newWallet)
    expect([answer.status, answer.json]).toEqual([404, missing('customer')])
  })

  test("another app's customer looks missing", async () => {
    const { key } = await wallets.newApp()
    const { id } = await wallets.saveCustomer({}, key)
    const answer = await add(id, newWallet)
    expect([answer.status, answer.json]).toEqual([404, missing('customer')])
  })
})

describe('409', () => {
  test('the same wallet twice, in any spelling, names the one that is there', async () => {
    const { customerId, walletId } = await wallets.openWallet()
    for (const walletAddress of [newWallet.walletAddress, cow.address]) {
      const answer = await add(customerId, { ...newWallet, walletAddress })
      expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT', 'walletAddress'))
      expect(answer.json.error.message).toContain(walletId)
    }
    expect(await wallets.historyOf(customerId)).toHaveLength(2)
    const otherWallet = { ...newWallet, walletAddress: other.address }
    expect((await add(customerId, otherWallet)).status).toBe(201)
  })

  test('of fifty at once one wins, and the others name it', async () => {
    const customerId = await newCustomer()
    const answers = await Promise.all(Array.from({ length: 50 }, () => add(customerId, newWallet)))
    const won = answers.filter(({ status }) => status === 201)
    expect(won).toHaveLength(1)
    for (const answer of answers.filter((one) => one !== won[0])) {
      expect(refusalOf(answer)).toEqual(refusal(409, 'CONFLICT', 'walletAddress'))
      expect(answer.json.error.message).toContain(won[0]?.json.data.id)
    }
    expect(await wallets.shownWallets(customerId)).toHaveLength(1)
  })
})
