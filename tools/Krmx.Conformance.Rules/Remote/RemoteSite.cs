using System.Text.RegularExpressions;
using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Remote;

/// <summary>Where a server is that rules are tried on, and how to be let in.</summary>
/// <param name="Uri">Its address.</param>
/// <param name="Auth">What users prove themselves with; null for nothing.</param>
/// <param name="Patience">How long it may take over any answer.</param>
internal sealed partial record RemoteSite(Uri Uri, string? Auth, TimeSpan Patience)
{
    /// <summary>The protocol version it speaks.</summary>
    public ProtocolVersion Version { get; private init; } = ProtocolVersion.Current;

    /// <summary>Makes a connection.</summary>
    /// <exception cref="SiteUnreachableException">It could not be made.</exception>
    public async Task<IRawConnection> ConnectAsync()
    {
        try
        {
            return await RawWebSocket.ConnectAsync(Uri, Patience);
        }
        catch (OperationCanceledException)
        {
            throw new SiteUnreachableException($"it did not answer within {Patience.TotalSeconds:0.#} s");
        }
        catch (Exception error) when (error is System.Net.WebSockets.WebSocketException or ArgumentException or UriFormatException)
        {
            throw new SiteUnreachableException(error.GetBaseException().Message);
        }
    }

    /// <summary>Finds out which version the server speaks, and that it lets users link who are there for the trial alone.</summary>
    /// <exception cref="SiteUnreachableException">There is no such server there, or it lets nobody in.</exception>
    public async Task<RemoteSite> ProbeAsync()
    {
        string answer = await AskAsync();
        if (MismatchPattern().Match(answer) is { Success: true } mismatch &&
            ProtocolVersion.TryParse($"{mismatch.Groups[1]}.0", out ProtocolVersion version))
        {
            RemoteSite other = this with { Version = version };
            answer = await other.AskAsync();
            if (answer == "accepted")
                return other;
        }
        if (answer == "accepted")
            return this;
        throw new SiteUnreachableException(answer.StartsWith("rejected: ", StringComparison.Ordinal)
            ? $"it rejected a user: {answer["rejected: ".Length..]}"
            : $"it is no Krmx server: it answered a link with '{answer}'");
    }

    private async Task<string> AskAsync()
    {
        await using IRawConnection connection = await ConnectAsync();
        var user = new Newcomer(connection, this);
        try
        {
            await user.AskAsync(new Cast().Extra("probe"));
            string answer = await user.ReceiveAsync();
            if (answer == "accepted")
                await user.LeaveAsync();
            return answer;
        }
        catch (RuleBrokenException broken)
        {
            throw new SiteUnreachableException($"it is no Krmx server: {broken.Message}");
        }
    }

    [GeneratedRegex(@"version mismatch \(server=([0-9]+\.[0-9]+)\.\*")]
    private static partial Regex MismatchPattern();
}
