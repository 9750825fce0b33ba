using System.Text;
using System.Text.Json;
using Krmx.Conformance.Harness;

namespace Krmx.Conformance.Remote;

/// <summary>A frame that tells of users in a list (protocol section 10, "Presence").</summary>
/// <param name="Type">"krmx/users" or "krmx/changes".</param>
/// <param name="Entries">What it tells, and of whom: the change, or whether the user is linked, and its username.</param>
internal sealed record PresenceList(string Type, IReadOnlyList<(string What, string Username)> Entries)
{
    private const string Users = "krmx/users", Changes = "krmx/changes";

    /// <summary>Whether it lists users, and so is the part of a picture that may come in several frames.</summary>
    public bool IsOfUsers => Type == Users;

    /// <summary>Reads a frame.</summary>
    /// <returns>Null where it is another one.</returns>
    public static PresenceList? TryRead(KrmxMessage message) => message.Type switch
    {
        Users => new PresenceList(Users, [.. EntriesOf(message, "users").Select(entry => (entry[1].GetRawText(), entry[0].GetString()!))]),
        Changes => new PresenceList(Changes, [.. EntriesOf(message, "changes").Select(entry => (entry[0].GetString()!, entry[1].GetString()!))]),
        _ => null,
    };

    /// <summary>The same of the rule's users alone, with their names in the rule.</summary>
    public PresenceList OfRule(Cast cast) => this with
    {
        Entries = [.. Entries.Select(entry => (entry.What, Username: cast.RoleOf(entry.Username)!)).Where(entry => entry.Username is not null)],
    };

    public PresenceList Without(string? username) => this with { Entries = [.. Entries.Where(entry => entry.Username != username)] };

    public PresenceList With(PresenceList next) => this with { Entries = [.. Entries, .. next.Entries] };

    /// <summary>The frame's text.</summary>
    public override string ToString()
    {
        IEnumerable<string> entries = Entries.Select(entry => IsOfUsers
            ? $"[{Wire.Quote(entry.Username)},{entry.What}]"
            : $"[{Wire.Quote(entry.What)},{Wire.Quote(entry.Username)}]");
        return Wire.Text(Type, $$"""{"{{(IsOfUsers ? "users" : "changes")}}":[{{string.Join(',', entries)}}]}""");
    }

    private static JsonElement.ArrayEnumerator EntriesOf(KrmxMessage message, string name) =>
        Wire.Parse(Encoding.UTF8.GetString(message.Payload.Span)).GetProperty(name).EnumerateArray();
}
