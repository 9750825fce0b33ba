using System.Text.Json;
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

    /// <summary>The extensions that it grants to who asks for all of them.</summary>
    public IReadOnlySet<string> Extensions { get; private init; } = new HashSet<string>();

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
            throw new SiteUnreachableException(error.GetBaseException().Message, error);
        }
    }

    /// <summary>Finds out which version the server speaks and what it grants, and that it lets users link who are there for the trial alone.</summary>
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
                return other with { Extensions = await other.AskForExtensionsAsync() };
        }
        if (answer == "accepted")
            return this with { Extensions = await AskForExtensionsAsync() };
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

    /// <summary>What of the extensions a link is granted; nothing where the server makes no sense of that.</summary>
    private async Task<IReadOnlySet<string>> AskForExtensionsAsync()
    {
        await using IRawConnection connection = await ConnectAsync();
        var user = new Newcomer(connection, this);
        try
        {
            const string Members = ""","extensions":["presence","resume"],"resume":{"key":"a-key-of-the-probe","attempt":1}""";
            await user.AskAsync(new Cast().Extra("probe"), Members);
            string answer = await user.ReceiveAsync();
            HashSet<string> granted = answer == "accepted" ? [] : ReadExtensions(answer);
            await user.LeaveAsync();
            return granted;
        }
        catch (Exception error) when (error is RuleBrokenException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new HashSet<string>();
        }
    }

    private static HashSet<string> ReadExtensions(string accepted)
    {
        JsonElement payload = Wire.Parse(accepted).GetProperty("payload");
        return [.. payload.GetProperty("extensions").EnumerateArray().Select(name => name.GetString()!)];
    }

    [GeneratedRegex(@"version mismatch \(server=([0-9]+\.[0-9]+)\.\*")]
    private static partial Regex MismatchPattern();
}
