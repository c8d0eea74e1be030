// Owns the vocabulary of what a customer's activity looks like beside the customer itself.
import type { InvoiceStatus } from './invoice.ts'
import type { IntentStatus } from './payment-intent.ts'

/** How much there is of each, whatever its status. */
export interface ActivityCounts {
  paymentIntents: number
  subscriptions: number
  invoices: number
}

/** What a customer's page shows of an intent: nothing that is sealed. */
export interface IntentSummary {
  id: string
  status: IntentStatus
  amountMinor: number
  currency: string
  cryptoAmount: string | null
  tokenKey: string | null
  chainId: number | null
  createdAt: number
  capturedAt: number | null
}

export interface InvoiceSummary {
  id: string
  number: number
  status: InvoiceStatus
  totalMinor: number
  currency: string
  dueAt: number | null
  paidAt: number | null
  createdAt: number
}

export interface RecentActivity {
  paymentIntents: IntentSummary[]
  invoices: InvoiceSummary[]
}

/** Of each, the newest ones. */
export const recentMax = 50
