using System.Diagnostics.CodeAnalysis;

namespace Krmx.Rooms;

/// <summary>Holds what the turns of a durable room do to the world until what they have changed is stored, so that nobody is told of what may be lost.</summary>
/// <remarks>
/// <para>
/// The room goes on meanwhile. What a turn does waits for its own changes and for those of all turns before it, also where it has changed nothing: it may tell of
/// them. It leaves in the order of the turns.
/// </para>
/// <para>
/// Frames that may be lost wait for nothing, unless somebody's seat changes in what is held: then they would go to whom they are not for.
/// </para>
/// </remarks>
/// <param name="stored">The number of the last turn that is stored.</param>
public sealed class OutputGate(long stored)
{
    private readonly Queue<Held> _held = new();
    private int _seatChanges;

    /// <summary>The number of the last turn that has changed something.</summary>
    public long Written { get; private set; } = stored;

    /// <summary>The number of the last turn that is stored.</summary>
    public long Stored { get; private set; } = stored;

    /// <summary>How many bytes of frames are held, each frame counted once.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>How many turns have something that is held.</summary>
    public int HeldCount => _held.Count;

    /// <summary>A turn has changed something.</summary>
    /// <returns>Its number.</returns>
    public long Write() => ++Written;

    /// <summary>All turns up to one are stored: <see cref="TryRelease"/> gives what was held for them.</summary>
    public void Store(long number) => Stored = Math.Max(Stored, number);

    /// <summary>Takes what the latest turn does to the world.</summary>
    /// <returns>What of it may leave at once; valid until the effects are cleared.</returns>
    public ReadOnlySpan<RoomEffect> Add(RoomEffects effects)
    {
        if (Stored >= Written && _held.Count == 0)
            return effects.InOrder;
        var atOnce = new List<RoomEffect>();
        var later = new List<RoomEffect>(effects.InOrder.Length);
        int seatChanges = 0;
        foreach (ref readonly RoomEffect effect in effects.InOrder)
        {
            if (effect.Kind is RoomEffectKind.Seat or RoomEffectKind.Unseat or RoomEffectKind.Close)
                seatChanges++;
            (effect.IsVolatile && _seatChanges + seatChanges == 0 ? atOnce : later).Add(effect);
        }
        if (later.Count > 0)
        {
            _seatChanges += seatChanges;
            HeldBytes += effects.FrameBytes;
            _held.Enqueue(new Held(Written, [.. later], effects.FrameBytes, seatChanges));
        }
        return atOnce.ToArray();
    }

    /// <summary>Takes out what was held for the next turn that is stored.</summary>
    public bool TryRelease([NotNullWhen(true)] out RoomEffect[]? effects)
    {
        effects = null;
        if (!_held.TryPeek(out Held next) || next.Turn > Stored)
            return false;
        _held.Dequeue();
        _seatChanges -= next.SeatChanges;
        HeldBytes -= next.Bytes;
        effects = next.Effects;
        return true;
    }

    /// <summary>Forgets what is held: it is never told.</summary>
    /// <returns>What is done nevertheless: connections that the room has closed are closed, or it would wait for their end.</returns>
    public RoomEffect[] Discard()
    {
        RoomEffect[] closes = [.. _held.SelectMany(static held => held.Effects).Where(static effect => effect.Kind is RoomEffectKind.Unseat or RoomEffectKind.Close)];
        _held.Clear();
        (_seatChanges, HeldBytes) = (0, 0);
        return closes;
    }

    private readonly record struct Held(long Turn, RoomEffect[] Effects, long Bytes, int SeatChanges);
}
