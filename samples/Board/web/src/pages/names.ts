// Names of boards: easy to read aloud, and hard enough to guess for a board that is gone when nobody needs it.
const adjectives = (
  'amber brave bright calm clever copper cosy crisp eager early fancy gentle golden happy humble jolly keen lively lucky mellow merry mighty ' +
  'modest nimble noble polite proud quick quiet silver sunny swift tidy velvet warm wise').split(' ');
const animals = (
  'badger beaver bison camel crane dolphin falcon ferret finch fox gecko heron ibex jaguar koala lemur lynx marmot marten moose narwhal ' +
  'ocelot otter owl panda pelican puffin raven robin salmon seal stork swan tapir toucan walrus weasel wombat').split(' ');

export function randomName(): string {
  const numbers = crypto.getRandomValues(new Uint32Array(4));
  const pick = (words: string[], index: number) => words[numbers[index]! % words.length]!;
  return `${pick(adjectives, 0)}-${pick(adjectives, 1)}-${pick(animals, 2)}-${10 + numbers[3]! % 90}`;
}
