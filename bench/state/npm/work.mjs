// The work that both sides do: the same frames from the same users, by their number.
export const domain = 'bench';
export const itemCount = 1000;

export const userName = index => `user${index}`;
export const itemId = index => `item-${String(index).padStart(4, '0')}`;

export const frame = number => `{"type":"projection/action","payload":{"domain":"bench","action":{"type":"move","payload":`
  + `{"item":${number * 7919 % itemCount},"x":${number * 31 % 997},"y":${number * 17 % 991}}},"optimisticId":"op-${number}"}}`;
