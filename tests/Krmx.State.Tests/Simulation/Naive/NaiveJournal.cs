using System.Text.Json;

namespace Krmx.State.Tests.Simulation;

/// <summary>The journal again: what it says, as a list that is copied.</summary>
internal sealed record NaiveJournal(IReadOnlyList<string> Entries, int Removed)
{
    public static readonly NaiveJournal Empty = new([], 0);

    /// <summary>Why an event is refused before it is appended; null when it is not.</summary>
    public static string? Refusal(string type, JsonElement? payload)
    {
        if (type == "break")
            return payload is { ValueKind: not JsonValueKind.Null } ? "the action takes no payload" : null;
        if (type is not ("write" or "remove"))
            return "there is no such type of action";
        if (payload is not JsonElement given)
            return "the action needs a payload";
        if (given.ValueKind == JsonValueKind.Null)
            return "the payload is null";
        if (given.ValueKind != JsonValueKind.Object)
            return "the payload is of another type";
        if (type == "remove")
            return null;
        string text = given.GetProperty("text").GetString()!;
        return text == "throw" ? "the action failed" : text.Length > 10 ? "the text is too long" : null;
    }

    public NaiveJournal After(string user, string type, JsonElement? payload)
    {
        if (type == "write")
            return this with { Entries = [.. Entries, $"{user}: {payload!.Value.GetProperty("text").GetString()}"] };
        if (type == "snapshot")
            return new NaiveJournal([.. payload!.Value.GetProperty("entries").EnumerateArray().Select(static entry => entry.GetString()!)], payload.Value.GetProperty("removed").GetInt32());
        return type == "remove" && payload!.Value.GetProperty("index").GetInt32() is int index && index < Entries.Count
            ? new NaiveJournal([.. Entries.Take(index), .. Entries.Skip(index + 1)], Removed + 1)
            : this;
    }

    public override string ToString() => $"{string.Join('|', Entries)} ({Removed})";

    public static string Show(Journal journal) => $"{string.Join('|', journal.Entries)} ({journal.Removed})";
}
