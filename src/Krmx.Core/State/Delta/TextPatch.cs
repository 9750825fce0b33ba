using System.Diagnostics.CodeAnalysis;

namespace Krmx.State;

/// <summary>Applies the text diffs of the format, which are patches of diff-match-patch.</summary>
/// <remarks>
/// A patch is a list of hunks, each with some unchanged text around the change. Positions count in the text as the hunks before left it.
/// Here a hunk fits where it says or not at all; diff-match-patch would look for a place that resembles it. That is for merging into a text
/// that has changed in the meantime, and a state has not.
/// </remarks>
internal sealed class TextPatch
{
    private readonly string _source;
    private readonly char[] _done; // the text up to the last change; the rest still is in the source
    private int _doneLength;
    private int _sourceOffset;

    private TextPatch(string source, int patchLength)
    {
        _source = source;
        _done = new char[source.Length + patchLength]; // a hunk adds less than its own length
    }

    /// <summary>Applies a patch; takes time in proportion to the text and the patch.</summary>
    public static bool TryApply(
        string text, string patch, [NotNullWhen(true)] out string? result, [NotNullWhen(false)] out string? reason)
    {
        result = null;
        if (!TextHunk.TryReadAll(patch, out List<TextHunk>? hunks))
        {
            reason = "the text diff is malformed";
            return false;
        }
        var target = new TextPatch(text, patch.Length);
        if (!hunks.TrueForAll(target.TryApply))
        {
            reason = "the text diff is for another text";
            return false;
        }
        result = target.Finish();
        if (Utf16.IsWellFormed(result))
        {
            reason = null;
            return true;
        }
        reason = "the text diff parts a surrogate pair";
        return false;
    }

    private bool TryApply(TextHunk hunk)
    {
        int at = hunk.Start;
        foreach ((char kind, string text) in hunk.Lines)
        {
            if (kind == TextHunk.Inserted)
            {
                if (!TryAdvance(at))
                    return false;
                text.CopyTo(0, _done, _doneLength, text.Length);
                _doneLength += text.Length;
            }
            else if (!StandsAt(at, text))
            {
                return false;
            }
            else if (kind == TextHunk.Removed)
            {
                if (!TryAdvance(at))
                    return false;
                _sourceOffset += text.Length;
                continue;
            }
            at += text.Length;
        }
        return true;
    }

    /// <summary>Makes everything before a position done; changes come in order, so it cannot lie in what is done already.</summary>
    private bool TryAdvance(int position)
    {
        int count = position - _doneLength;
        if (count < 0 || count > _source.Length - _sourceOffset)
            return false;
        _source.CopyTo(_sourceOffset, _done, _doneLength, count);
        _doneLength += count;
        _sourceOffset += count;
        return true;
    }

    /// <summary>Compares with the text as it now is, which may lie on both sides of the last change.</summary>
    private bool StandsAt(int position, ReadOnlySpan<char> text)
    {
        if (position < _doneLength)
        {
            int inDone = Math.Min(text.Length, _doneLength - position);
            if (!text[..inDone].SequenceEqual(_done.AsSpan(position, inDone)))
                return false;
            position += inDone;
            text = text[inDone..];
        }
        long offset = (long)position - _doneLength + _sourceOffset;
        return text.IsEmpty || (offset <= _source.Length - text.Length && _source.AsSpan((int)offset, text.Length).SequenceEqual(text));
    }

    private string Finish()
    {
        TryAdvance(_doneLength + _source.Length - _sourceOffset);
        return new string(_done, 0, _doneLength);
    }
}
