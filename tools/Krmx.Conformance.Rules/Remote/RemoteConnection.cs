using System.Text;
using System.Text.Json;
using Krmx.Conformance.Harness;
using Krmx.Protocol;

namespace Krmx.Conformance.Remote;

/// <summary>A connection of a rule: it has the names of the rule, and hears of nobody but the rule's users.</summary>
/// <param name="socket">The connection.</param>
/// <param name="cast">The names.</param>
/// <param name="claim">Takes a name that cannot be changed.</param>
/// <param name="mark">Lets linked connections hear of a user, and answers which.</param>
/// <param name="auth">What users prove themselves with.</param>
internal sealed class RemoteConnection(
    IRawConnection socket, Cast cast, Func<string, Task> claim, Func<Task<string>> mark, string? auth) : IRawConnection
{
    private readonly Queue<string> _ahead = new();
    private string? _asked;
    private string? _own;
    private string? _mark;
    private int _owed;

    public async Task SendTextAsync(ReadOnlyMemory<byte> utf8)
    {
        string frame = Encoding.UTF8.GetString(utf8.Span);
        if (FrameReader.TryRead(utf8, FrameReader.DefaultMaxDepth, out KrmxMessage message))
        {
            if (!message.IsReserved && await IsLinkedAsync())
            {
                // Nothing of a message shows on the wire, and it would reach an application that does not expect it.
                _mark = frame == ServerSetup.Barrier
                    ? await mark()
                    : throw new NotApplicableException("needs to see the application's messages");
                return;
            }
            if (message.Type == "krmx/link" && message.HasPayload)
                frame = await PrepareAsync(frame, Wire.Parse(Encoding.UTF8.GetString(message.Payload.Span)));
        }
        _owed++;
        await socket.SendTextAsync(Encoding.UTF8.GetBytes(cast.ToServer(frame)));
    }

    public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes)
    {
        _owed++;
        return socket.SendBinaryAsync(bytes);
    }

    public async Task<string?> ReceiveAsync() => _ahead.TryDequeue(out string? frame) ? frame : await ReadAsync();

    public Task CloseAsync() => socket.CloseAsync();

    public Task AbortAsync() => socket.AbortAsync();

    public ValueTask DisposeAsync() => socket.DisposeAsync();

    /// <summary>Whether there is a user, once everything sent that has an answer is answered.</summary>
    private async Task<bool> IsLinkedAsync()
    {
        while (_owed > 0 && await ReadAsync() is string frame)
            _ahead.Enqueue(frame);
        return _own is not null;
    }

    /// <summary>Notes whose link is asked for, where it is somebody's, and adds what users prove themselves with.</summary>
    private async Task<string> PrepareAsync(string frame, JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object || !TryGetText(payload, "username", out string username))
            return frame;
        if (TryGetText(payload, "auth", out string verdict) && ServerSetup.Verdicts.Contains(verdict))
            throw new NotApplicableException("needs the application to decide about links");
        if (Cast.IsLiteral(username))
            await claim(username);
        _asked = username;
        return auth is null || payload.TryGetProperty("auth", out _) || !frame.EndsWith("}}", StringComparison.Ordinal)
            ? frame
            : $"{frame[..^2]},\"auth\":{Wire.Quote(auth)}}}}}";
    }

    /// <summary>The next frame that concerns the rule, with the names of the rule.</summary>
    private async Task<string?> ReadAsync()
    {
        while (await socket.ReceiveAsync() is string frame)
        {
            string described = Wire.Describe(frame);
            if (Presence.TryRead(described, out Presence presence))
            {
                if (presence == new Presence("joined", _mark ?? ""))
                    return ServerSetup.Barrier;
                if (cast.RoleOf(presence.Username) is not string role)
                    continue;
                if (role == _own && presence.Change == "unlinked")
                    Answered(by: null);
            }
            else if (described.StartsWith("close ", StringComparison.Ordinal))
                (_owed, _own) = (0, null);
            else if (described == "accepted")
                Answered(by: _asked);
            else if (described.StartsWith("rejected: ", StringComparison.Ordinal))
                Answered(by: _own);
            else if (IsOfApplication(frame))
                continue;
            return cast.FromServer(frame);
        }
        return null;
    }

    private static bool IsOfApplication(string frame) =>
        FrameReader.TryRead(Encoding.UTF8.GetBytes(frame), int.MaxValue, out KrmxMessage message) && !message.IsReserved;

    private void Answered(string? by)
    {
        _own = by;
        _owed = Math.Max(0, _owed - 1);
    }

    private static bool TryGetText(JsonElement payload, string member, out string text)
    {
        text = "";
        if (!payload.TryGetProperty(member, out JsonElement value) || value.ValueKind != JsonValueKind.String)
            return false;
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // a lone surrogate
        }
    }
}
