namespace Krmx.Connections;

/// <summary>
/// What a room's turn gives one connection to send: frames of its own, and one stretch of the frames that the turn shares. It goes out when the
/// turn flushes; too much that waits ends the connection.
/// </summary>
/// <remarks>
/// Belongs to the room's turn. A stretch costs nothing until the flush, as long as nothing comes in between; before anything of the connection's
/// own, and before a shared frame that is not for it, the turn keeps the stretch so far, so that the order stays.
/// </remarks>
/// <param name="queue">Where it goes.</param>
/// <param name="tooSlow">Ends the connection, as too much waits.</param>
internal sealed class ConnectionOutput(OutputQueue queue, Action tooSlow)
{
    // Whether this turn's picture is outside the cap.
    private bool _isPictureOpen;

    /// <summary>Where, in the turn's shared frames, that begins which it has still to be sent of them.</summary>
    public int StretchStart { get; set; }

    /// <summary>Where it ends; the room's own note.</summary>
    public int StretchEnd { get; set; }

    /// <summary>Whether it waits for the turn's flush; the room's own note.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Sends a frame of its own.</summary>
    /// <param name="frame">The text; it is copied.</param>
    public void Append(ReadOnlySpan<byte> frame)
    {
        if (!TryAppend(frame))
            tooSlow();
    }

    /// <summary>Sends what a newcomer is told of a whole room: as fast as it takes it, and not counted as waiting.</summary>
    /// <remarks>
    /// A connection has one picture at a time. What comes while another is on its way counts like any frame: who links over and over and reads
    /// nothing would else hold a picture of each moment.
    /// </remarks>
    /// <param name="frames">The texts, in order, which nobody may change any more; they are held until they have been sent.</param>
    public void Picture(ReadOnlyMemory<ReadOnlyMemory<byte>> frames)
    {
        _isPictureOpen = false;
        ExtendPicture(frames);
    }

    /// <summary>Sends more of the turn's picture, such as a shared state; without a picture in this turn it is one.</summary>
    /// <inheritdoc cref="Picture"/>
    public void ExtendPicture(ReadOnlyMemory<ReadOnlyMemory<byte>> frames)
    {
        _isPictureOpen |= !queue.HasPicture;
        if (_isPictureOpen && IsLarge(frames.Span))
        {
            queue.AppendPicture(frames);
            return;
        }
        foreach (ReadOnlyMemory<byte> frame in frames.Span)
        {
            if (TryAppend(frame.Span))
                continue;
            tooSlow();
            return;
        }
    }

    /// <summary>Copies the stretch, since the connection is sent something else next; the following one begins at its end.</summary>
    /// <param name="shared">The turn's shared frames.</param>
    /// <param name="end">Where the stretch ends.</param>
    public void KeepStretch(ReadOnlySpan<byte> shared, int end)
    {
        ReadOnlySpan<byte> stretch = TakeStretch(shared, end);
        if (!stretch.IsEmpty && !queue.TryAppend(stretch, default))
            tooSlow();
    }

    /// <summary>Writes all that the turn gave it, the stretch last; the next one begins with the shared frames that come after the flush.</summary>
    /// <param name="shared">The turn's shared frames.</param>
    /// <param name="end">Where the stretch ends.</param>
    public void Flush(ReadOnlySpan<byte> shared, int end)
    {
        ReadOnlySpan<byte> stretch = TakeStretch(shared, end);
        StretchStart = StretchEnd = 0;
        _isPictureOpen = false;
        if (stretch.IsEmpty)
            queue.Flush();
        else if (!queue.TryWrite(stretch))
            tooSlow();
    }

    private ReadOnlySpan<byte> TakeStretch(ReadOnlySpan<byte> shared, int end)
    {
        ReadOnlySpan<byte> stretch = shared[StretchStart..end];
        StretchStart = end;
        return stretch;
    }

    /// <summary>Whether frames are worth a picture: a few go out together with what follows them.</summary>
    private bool IsLarge(ReadOnlySpan<ReadOnlyMemory<byte>> frames)
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
