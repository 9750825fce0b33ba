namespace Krmx.Connections;

/// <summary>
/// What a room's turn gives one connection to send: frames of its own, and, while it is seated, one stretch of the frames that the turn shares. It
/// goes out when the turn flushes; too much that waits ends the connection.
/// </summary>
/// <remarks>
/// Belongs to the room's turn. A stretch costs nothing until the flush, as long as nothing comes in between; before anything of the connection's
/// own, and before a shared frame that is not for it, the turn keeps the stretch so far, so that the order stays.
/// </remarks>
/// <param name="queue">Where it goes.</param>
/// <param name="tooSlow">Ends the connection, as too much waits.</param>
internal sealed class ConnectionOutput(OutputQueue queue, Action tooSlow)
{
    // Whether what a newcomer is told is outside the cap.
    private bool _isPictureOpen;

    /// <summary>Those it is seated among; null while it is not seated.</summary>
    public SeatGroup? Group { get; set; }

    /// <summary>Its place among them.</summary>
    public int Seat { get; set; }

    /// <summary>Where, in the turn's shared frames, that begins which it has still to be sent of them; it ends where they end.</summary>
    public int StretchStart { get; set; }

    /// <summary>Whether it has been sent something of its own in this turn, for the room to note.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Sends a frame of its own.</summary>
    /// <param name="frame">The text; it is copied.</param>
    /// <param name="isVolatile">Whether it is lost where the peer is behind.</param>
    public void Append(ReadOnlySpan<byte> frame, bool isVolatile = false)
    {
        if (isVolatile && queue.IsBehind)
            return;
        if (!TryAppend(frame))
            tooSlow();
    }

    /// <summary>Sends a ping.</summary>
    public void Ping()
    {
        if (!queue.TryAppendPing())
            tooSlow();
    }

    /// <summary>Sends what a newcomer is told of the room, and of its shared states: as fast as it takes it, and not counted as waiting.</summary>
    /// <remarks>
    /// A connection has one picture at a time, though it may be given in several pieces. What comes while another is on its way counts like any frame:
    /// who links over and over and reads nothing would else hold a picture of each moment.
    /// </remarks>
    /// <param name="frames">The texts, in order, which nobody may change any more; they are held until they have been sent.</param>
    public void Picture(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        _isPictureOpen |= !queue.HasPicture;
        if (_isPictureOpen && IsLarge(frames))
        {
            queue.AppendPicture(frames);
            return;
        }
        foreach (ReadOnlyMemory<byte> frame in frames)
        {
            if (TryAppend(frame.Span))
                continue;
            tooSlow();
            return;
        }
    }

    /// <summary>The picture has no more pieces: the newcomer has left again, or the turn that it came in is over.</summary>
    public void EndPicture() => _isPictureOpen = false;

    /// <summary>Copies the stretch so far, if it is seated, since it is sent something else next.</summary>
    public void KeepStretch()
    {
        if (Group is null)
            return;
        AppendStretch(Group.Shared, StretchStart);
        StretchStart = Group.Shared.Bytes.Length;
    }

    /// <summary>Writes what the turn gave it of its own.</summary>
    public void Flush() => queue.Flush();

    /// <summary>Writes all that the turn gave it, the stretch last; the next one begins with the shared frames that come after the flush.</summary>
    /// <param name="shared">The turn's shared frames.</param>
    public void Flush(SharedFrames shared)
    {
        int start = StretchStart;
        StretchStart = 0;
        ReadOnlySpan<byte> stretch = shared.Bytes[start..];
        if (!stretch.IsEmpty && (shared.Volatile.IsEmpty || !queue.IsBehind))
        {
            if (!queue.TryWrite(stretch))
                tooSlow();
            return;
        }
        AppendStretch(shared, start);
        queue.Flush();
    }

    /// <summary>Copies a stretch to its end, without what is volatile where the peer is behind.</summary>
    private void AppendStretch(SharedFrames shared, int start)
    {
        ReadOnlySpan<byte> bytes = shared.Bytes;
        bool fits = true;
        if (!shared.Volatile.IsEmpty && queue.IsBehind)
        {
            foreach (SharedFrame lost in shared.Volatile)
            {
                if (lost.Start < start)
                    continue;
                fits &= TryCopy(bytes[start..lost.Start]);
                start = lost.End;
            }
        }
        if (!fits || !TryCopy(bytes[start..]))
            tooSlow();

        bool TryCopy(ReadOnlySpan<byte> frames) => frames.IsEmpty || queue.TryAppend(frames, default);
    }

    /// <summary>Whether frames are worth a picture: a few go out together with what follows them.</summary>
    private bool IsLarge(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        int free = Math.Min(PictureBacklog.PieceBytes, queue.FreeBytes);
        foreach (ReadOnlyMemory<byte> frame in frames)
        {
            free -= FrameHeader.MaxLength + frame.Length;
            if (free < 0)
                return true;
        }
        return false;
    }

    private bool TryAppend(ReadOnlySpan<byte> frame)
    {
        Span<byte> head = stackalloc byte[FrameHeader.MaxLength];
        return queue.TryAppend(head[..FrameHeader.WriteText(head, frame.Length)], frame);
    }
}
