// Owns the names of the crypto surface's types: the product's public ones beside the generated.
export type * from './crypto-types.generated.ts'
export type { ListCustomersQuery as CustomerListParams } from './crypto-types.generated.ts'
