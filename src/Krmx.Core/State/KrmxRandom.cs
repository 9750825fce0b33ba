using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Krmx.State;

/// <summary>A source of chance that is part of a state: from equal sources come equal sequences, everywhere and always.</summary>
/// <remarks>
/// <para>
/// It never changes. Each draw gives the source for the next one, which belongs into the next state, so that a handler stays a pure
/// function and a state that is restored goes on where it was: <c>int die = state.Random.Range(1, 6, out KrmxRandom random); return state
/// with { Die = die, Random = random };</c>
/// </para>
/// <para>
/// The sequence is that of <c>Random</c> in the npm package <c>@krmx/state</c> 0.0.1, and so is the JSON. Whoever sees a source knows all
/// that will come of it: keep it out of views. It is not fit for secrets such as tokens, either.
/// </para>
/// </remarks>
[JsonConverter(typeof(KrmxRandomJsonConverter))]
public readonly record struct KrmxRandom
{
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Makes a source from a seed.</summary>
    /// <param name="seed">Any text; of one that cannot be guessed, nothing that comes of it can.</param>
    public KrmxRandom(string seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        (A, B, C, D) = Hash(seed);
    }

    internal KrmxRandom(uint a, uint b, uint c, uint d) => (A, B, C, D) = (a, b, c, d);

    internal uint A { get; }

    internal uint B { get; }

    internal uint C { get; }

    internal uint D { get; }

    /// <summary>Draws a number from 0, included, to 1, excluded; a multiple of 2⁻³².</summary>
    /// <param name="next">The source for the next draw; may be the variable that this is.</param>
    public double Next(out KrmxRandom next)
    {
        // sfc32, a generator in the public domain by Chris Doty-Humphrey, except that the counter is raised before it is added.
        unchecked
        {
            uint counter = D + 1;
            uint drawn = A + B + counter;
            next = new KrmxRandom(B ^ (B >> 9), C + (C << 3), ((C << 21) | (C >> 11)) + drawn, counter);
            return drawn / 4294967296.0;
        }
    }

    /// <summary>Draws true or false, each half of the time.</summary>
    /// <param name="next">The source for the next draw; may be the variable that this is.</param>
    public bool NextBool(out KrmxRandom next) => Next(out next) < 0.5;

    /// <summary>Draws a whole number.</summary>
    /// <param name="min">The lowest there can be.</param>
    /// <param name="max">The highest there can be; not below <paramref name="min"/>.</param>
    /// <param name="next">The source for the next draw; may be the variable that this is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The highest is below the lowest; the npm package takes the two the other way round.</exception>
    public int Range(int min, int max, out KrmxRandom next)
    {
        if (min > max)
            throw new ArgumentOutOfRangeException(nameof(max), max, $"Must not be below {min}.");
        return (int)(Math.Floor(Next(out next) * (max - (double)min + 1)) + min);
    }

    /// <summary>Draws one of several items.</summary>
    /// <param name="items">At least one item.</param>
    /// <param name="next">The source for the next draw; may be the variable that this is.</param>
    /// <exception cref="ArgumentException">There are no items.</exception>
    public T Pick<T>(IReadOnlyList<T> items, out KrmxRandom next)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count == 0)
            throw new ArgumentException("There must be something to pick from.", nameof(items));
        return items[Range(0, items.Count - 1, out next)];
    }

    /// <summary>Puts items into a random order; every order is as likely.</summary>
    /// <param name="items">The items, which stay as they are.</param>
    /// <param name="next">The source for the next draw; may be the variable that this is.</param>
    public ImmutableArray<T> Shuffle<T>(IEnumerable<T> items, out KrmxRandom next)
    {
        ArgumentNullException.ThrowIfNull(items);
        KrmxRandom random = this;
        ImmutableArray<T>.Builder shuffled = ImmutableArray.CreateBuilder<T>();
        shuffled.AddRange(items);
        for (int last = shuffled.Count - 1; last > 0; last--)
        {
            int chosen = random.Range(0, last, out random);
            (shuffled[last], shuffled[chosen]) = (shuffled[chosen], shuffled[last]);
        }
        next = random;
        return shuffled.DrainToImmutable();
    }

    /// <summary>Draws a text, such as the name of a room.</summary>
    /// <param name="length">How many characters.</param>
    /// <param name="next">The source for the next draw; may be the variable that this is.</param>
    /// <param name="characters">What it is made of. Default: the letters A–Z, a–z and the digits.</param>
    public string NextText(int length, out KrmxRandom next, string characters = LettersAndDigits)
    {
        ArgumentNullException.ThrowIfNull(characters);
        if (length < 0)
            throw new ArgumentOutOfRangeException(nameof(length), length, "Must not be negative.");
        if (characters.Length == 0)
            throw new ArgumentException("There must be something to make a text of.", nameof(characters));
        KrmxRandom random = this;
        char[] text = new char[length];
        for (int i = 0; i < length; i++)
            text[i] = characters[random.Range(0, characters.Length - 1, out random)];
        next = random;
        return new string(text);
    }

    /// <summary>cyrb128, a hash in the public domain by the author known as bryc, over UTF-16 units.</summary>
    private static (uint A, uint B, uint C, uint D) Hash(string seed)
    {
        const uint P = 597399067, Q = 2869860233, R = 951274213, S = 2716044179;
        unchecked
        {
            (uint a, uint b, uint c, uint d) = (1779033703, 3144134277, 1013904242, 2773480762);
            foreach (char unit in seed)
            {
                a = b ^ ((a ^ unit) * P);
                b = c ^ ((b ^ unit) * Q);
                c = d ^ ((c ^ unit) * R);
                d = a ^ ((d ^ unit) * S);
            }
            a = (c ^ (a >> 18)) * P;
            b = (d ^ (b >> 22)) * Q;
            c = (a ^ (c >> 17)) * R;
            d = (b ^ (d >> 19)) * S;
            a ^= b ^ c ^ d;
            return (a, b ^ a, c ^ a, d ^ a);
        }
    }
}
