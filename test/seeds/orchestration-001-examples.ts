// Owns the code blocks of the orchestration product's page "Customers", to the letter.
export const orchestration001Examples = {
  setup: `import { createOakClient, createCustomerService } from '@oaknetwork/payments-sdk';
const client = createOakClient({ ... });
const customers = createCustomerService(client);`,

  create: `const result = await customers.create({
email: 'alice@example.com',
first_name: 'Alice',
last_name: 'Smith',
country_code: 'US',
});
if (result.ok) {
console.log('Customer ID:', result.value.data.id);
}`,

  get: `const result = await customers.get('cus_abc123');
if (result.ok) {
console.log('Email:', result.value.data.email);
}`,

  list: `const result = await customers.list({
limit: 10,
offset: 0,
email: 'alice@example.com',
});
if (result.ok) {
console.log(\`Total: \${result.value.data.count}\`);
for (const c of result.value.data.customer_list) {
console.log(\` \${c.id} — \${c.email}\`);
}
}`,

  update: `const result = await customers.update('cus_abc123', {
first_name: 'Alice',
last_name: 'Johnson',
phone_country_code: '1',
phone_area_code: '415',
phone_number: '5551234',
});
if (result.ok) {
console.log('Updated:', result.value.data.last_name);
}`,

  sync: `const result = await customers.sync('cus_abc123', {
providers: ['stripe'],
fields: ['email', 'first_name', 'last_name'],
});
if (result.ok) {
console.log('Synced successfully');
}`,

  balance: `const result = await customers.balance('cus_abc123', {
provider: 'stripe',
role: 'connected_account',
});
if (result.ok) {
for (const b of result.value.data.balances) {
console.log(\`Account: \${b.account_id} — Provider: \${b.provider}\`);
for (const t of b.totals) {
console.log(\` \${t.currency}: \${t.amount} (pending: \${t.pending})\`);
}
}
}`,

  uploadFiles: `const result = await customers.uploadFiles('cus_abc123', formData);
if (result.ok) {
console.log('Files uploaded:', result.value.data);
}`,

  getFiles: `const result = await customers.getFiles('cus_abc123');
if (result.ok) {
for (const file of result.value.data) {
console.log(\`File: \${file.id} — \${file.name}\`);
}
}`,

  populatePlatform: `const result = await customers.populatePlatform('cus_abc123');
if (result.ok) {
console.log('Platform data populated');
}`,
}
