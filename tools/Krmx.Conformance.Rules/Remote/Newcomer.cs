using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Remote;

/// <summary>A connection that links as a user who is there for the trial alone, and reads all it is told.</summary>
internal sealed class Newcomer(IRawConnection connection, RemoteSite site)
{
    private string _username = "";

    /// <summary>Asks to be linked.</summary>
    /// <param name="username">The user.</param>
    /// <param name="members">Further members of the link, each behind a comma.</param>
    public Task AskAsync(string username, string members = "")
    {
        _username = username;
        return SendAsync($"{Wire.Link(username, site.Version.ToString(), site.Auth)[..^2]}{members}}}}}");
    }

    /// <summary>Leaves, and reads on until it has left.</summary>
    public async Task LeaveAsync()
    {
        await SendAsync("""{"type":"krmx/leave"}""");
        while (await ReceiveAsync() != $"left {_username}")
        {
        }
    }

    /// <summary>The next frame, in the notation of <see cref="Wire.Describe"/>.</summary>
    public async Task<string> ReceiveAsync()
    {
        string frame = await connection.ReceiveAsync() ??
            throw new RuleBrokenException($"the server was silent for {site.Patience.TotalSeconds:0.#} s");
        RuleBrokenException.Unless(
            !frame.StartsWith("close ", StringComparison.Ordinal), $"the server ended the connection ({frame})");
        try
        {
            return Wire.Describe(frame);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new RuleBrokenException($"the server sent what is no message: '{frame}'");
        }
    }

    private async Task SendAsync(string frame)
    {
        try
        {
            await connection.SendTextAsync(Encoding.UTF8.GetBytes(frame));
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            throw new RuleBrokenException("the connection was lost");
        }
    }
}
