import type { Exchange } from '../../api/contract.js';
import { nameOf } from '../../format/clients.js';
import { type MessageField, replyFields, requestFields } from './fields.js';

/** The bytes of a request and of its reply, each field with its name. */
export function ExchangeBytes({ exchange }: { readonly exchange: Exchange }) {
  const { request, reply, exception, client, listener, unit, name } = exchange;
  const why = exception && `${exception.code}: ${exception.name}`;
  return (
    <div class="bytes">
      <p class="muted">
        {name}, unit id {unit}, {nameOf(client)} at {listener}
      </p>
      <Message title="Request" fields={requestFields(request)} />
      {reply === null ? (
        <p class="muted">There was no reply.</p>
      ) : (
        <Message title={exception ? 'Exception reply' : 'Reply'} fields={replyFields(reply, why)} />
      )}
    </div>
  );
}

function Message({ title, fields }: { readonly title: string; readonly fields: readonly MessageField[] }) {
  return (
    <table class="message">
      <caption>{title}</caption>
      <tbody>
        {fields.map(({ bytes, name, meaning }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="mono">{bytes}</td>
            <td>{meaning}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
