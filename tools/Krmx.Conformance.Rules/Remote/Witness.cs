namespace Krmx.Conformance.Remote;

/// <summary>A user who is linked during the whole trial: what it is told is what happened, in order.</summary>
/// <remarks>Every linked connection sees presence changes in the same order (protocol section 4), and its frames keep theirs.</remarks>
internal sealed class Witness(Newcomer user, Cast cast)
{
    private readonly List<string> _users = [];
    private readonly HashSet<string> _linked = new(StringComparer.Ordinal);

    /// <summary>What happened to the users of the rule, as an application would be told; the first is that the server listens.</summary>
    public List<string> Events { get; } = ["listen"];

    /// <summary>The users of the rule in join order, the linked ones marked with a star.</summary>
    public string Users => string.Join(' ', OfRule.Select(name => cast.RoleOf(name) + (_linked.Contains(name) ? "*" : "")));

    /// <summary>The users of the rule by their names on the server, and whether each is linked.</summary>
    public IReadOnlyList<(string Username, bool IsLinked)> Left => [.. OfRule.Select(name => (name, _linked.Contains(name)))];

    private IEnumerable<string> OfRule => _users.Where(name => cast.RoleOf(name) is not null);

    /// <summary>Links, so that everybody who is there is known.</summary>
    public async Task BeginAsync()
    {
        string username = cast.Extra("witness");
        await user.AskAsync(username);
        string answer = await user.ReceiveAsync();
        RuleBrokenException.Unless(answer == "accepted", $"expected the witness to be accepted; it was {answer}");
        await ReadUntilAsync(new Presence("linked", username));
    }

    /// <summary>Whether the server has a user of that name.</summary>
    public bool Knows(string username) => _users.Contains(username, StringComparer.Ordinal);

    /// <summary>Reads on until this has happened.</summary>
    public async Task ReadUntilAsync(Presence end)
    {
        bool reached = false;
        while (!reached)
        {
            if (!Presence.TryRead(await user.ReceiveAsync(), out Presence presence))
                continue;
            Apply(presence);
            reached = presence == end;
        }
    }

    public Task LeaveAsync() => user.LeaveAsync();

    private void Apply(Presence presence)
    {
        (string change, string name) = presence;
        switch (change)
        {
            case "joined":
                _users.Add(name);
                break;
            case "linked":
                _linked.Add(name);
                break;
            case "unlinked":
                _linked.Remove(name);
                break;
            default:
                _users.Remove(name);
                break;
        }
        if (cast.RoleOf(name) is string role)
            Events.Add($"{(change == "left" ? "leave" : change[..^2])} {role}");
    }
}
