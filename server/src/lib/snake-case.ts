// Owns how the core's names of fields are spelled on the surfaces that write them in snake case.

/** `providerData.monthlyIncome` → `provider_data.monthly_income` */
export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
