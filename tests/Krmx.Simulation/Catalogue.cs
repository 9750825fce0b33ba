using System.Text;
using Krmx.Protocol;

namespace Krmx.Simulation;

/// <summary>What a frame is, as whoever wrote it meant it; the model never asks the codec.</summary>
public enum Meaning
{
    Invalid,

    /// <summary>A link with a lone surrogate: no message, but to a linked connection a link like any, which ends its tie.</summary>
    InvalidInLink,
    Link,
    InvalidLink,
    WrongVersion,
    Unlink,
    Leave,
    Reserved,
    Custom,
    Ack,
}

/// <summary>What a link says of its session.</summary>
public sealed record SimResume(string Key, int Attempt, int? Session, int? Received);

/// <summary>What an ack says; null where it does not.</summary>
public sealed record SimAck(int? Received, int? Sent);

/// <summary>A frame that clients of the simulation send.</summary>
public sealed class SimFrame
{
    public SimFrame(Meaning meaning, string text, string detail = "", string? auth = null, bool asksPresence = false)
    {
        Meaning = meaning;
        Detail = detail;
        Auth = auth;
        AsksPresence = asksPresence;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Length = bytes.Length;
        Inbound = InboundFrame.Parse(bytes);
    }

    public Meaning Meaning { get; }

    /// <summary>A link's username, a wrong version, or a custom message's payload.</summary>
    public string Detail { get; }

    /// <summary>How a link is to be authenticated, and behind a slash how much it says was received; null for no auth at all.</summary>
    public string? Auth { get; }

    /// <summary>How a link is to be authenticated: "yes", "no", "later", "kick", or null.</summary>
    public string? How => HowOf(Auth);

    /// <summary>Whether a link asks for the extension presence.</summary>
    public bool AsksPresence { get; }

    /// <summary>Whether a message may be lost, and so counts for nothing.</summary>
    public bool IsVolatile { get; init; }

    /// <summary>What a link says of its session; null for one without.</summary>
    public SimResume? Resume { get; init; }

    /// <summary>What an ack says.</summary>
    public SimAck? Ack { get; init; }

    public int Length { get; }

    public InboundFrame Inbound { get; }

    /// <summary>The part of a link's auth that says how it is to be authenticated.</summary>
    public static string? HowOf(string? auth) => auth?.Split('/')[0];
}

/// <summary>The frames of the simulation: made once, but for those that depend on what was sent before.</summary>
public static class Catalogue
{
    public const string InvalidName = "no name";

    /// <summary>Names that collide where comparison is sloppy, or that mean something to a language.</summary>
    public static readonly string[] Names = ["simon", "Simon", "constructor", "__proto__", "toString", "lisa", "ünal", "x"];

    public static readonly SimFrame Unlink = new(Meaning.Unlink, """{"type":"krmx/unlink"}""");
    public static readonly SimFrame Leave = new(Meaning.Leave, """{"type":"krmx/leave"}""");

    public static readonly SimFrame[] Messages = [.. Enumerable.Range(0, 1000).Select(i => i % 5 == 4
        ? new SimFrame(Meaning.Custom, $$"""{"type":"say","payload":{{i}},"volatile":true}""", $"{i}") { IsVolatile = true }
        : new SimFrame(Meaning.Custom, $$"""{"type":"say","payload":{{i}},"volatile":1}""", $"{i}"))];

    public static readonly SimFrame[] Hostile =
    [
        new(Meaning.Invalid, "no json"),
        new(Meaning.Invalid, """{"type":1}"""),
        new(Meaning.InvalidInLink, """{"type":"krmx/link","payload":{"username":"\ud800","version":"0.6.0"}}"""),
        new(Meaning.Leave, """{"type":"krmx/leave","volatile":true}"""),
        new(Meaning.Reserved, """{"type":"krmx/accepted"}""", "krmx/accepted"),
        new(Meaning.Reserved, """{"type":"krmx/pretend"}""", "krmx/pretend"),
        new(Meaning.InvalidLink, """{"type":"krmx/link"}"""),
        new(Meaning.InvalidLink, """{"type":"krmx/link","payload":{"username":"simon","version":"0.6.0","auth":7}}"""),
        new(Meaning.InvalidLink, """{"type":"krmx/link","payload":{"username":["simon"],"version":"0.6.0"}}"""),
        new(Meaning.InvalidLink, """{"type":"krmx/link","payload":{"username":"simon","version":"0.6.0","extensions":"presence"}}"""),
        new(Meaning.InvalidLink, """{"type":"krmx/link","payload":{"username":"simon","version":"0.6.0","extensions":["presence",1]}}"""),
        new(Meaning.InvalidInLink, """{"type":"krmx/link","payload":{"username":"simon","version":"0.6.0","extensions":["\ud800"]}}"""),
        new(Meaning.WrongVersion, """{"type":"krmx/link","payload":{"username":"simon","version":"0.60.0"}}""", "0.60.0"),
        new(Meaning.WrongVersion, """{"type":"krmx/link","payload":{"username":"simon","version":"0.6pwn"}}""", "0.6pwn"),
        new(Meaning.Link, $$$"""{"type":"krmx/link","payload":{"username":"{{{InvalidName}}}","version":"0.6.0"}}""", InvalidName),
        BadResume("{}"),
        BadResume("null"),
        BadResume("[]"),
        BadResume(Resume("short", "1")),
        BadResume(Resume(Key(0), "0")),
        BadResume(Resume(Key(0), "1.5")),
        BadResume(Resume(Key(0), "2,\"session\":0")),
        BadResume(Resume(Key(0), "2,\"session\":1,\"received\":-1")),
    ];

    private static readonly string?[] Auths = ["yes", "later", "later", "later", null, "no", "later", "kick"];

    private static readonly string[] Extensions =
    [
        "", ",\"extensions\":[\"presence\"]", ",\"extensions\":[\"other\",\"resume\"]", ",\"extensions\":[\"other\",\"presence\"]",
    ];

    private static readonly string[] SessionExtensions = ["\"presence\",\"resume\"", "\"other\",\"resume\"", "\"resume\""];

    private static readonly SimFrame[][] Links =
    [
        .. Names.Select(name => Extensions.SelectMany(extensions => Auths.Select(auth => new SimFrame(
            Meaning.Link,
            $$$"""{"type":"krmx/link","payload":{"username":"{{{name}}}","version":"0.6.1"{{{(auth is null ? "" : $",\"auth\":\"{auth}\"")}}}{{{extensions}}}}}""",
            name,
            auth,
            asksPresence: extensions.Contains("presence", StringComparison.Ordinal)))).ToArray()),
    ];

    /// <summary>A link; of eight choices each the first are of classic clients, the next of those that ask for presence, and so on.</summary>
    public static SimFrame LinkOf(int name, int choice) => Links[name % Names.Length][choice % (Auths.Length * Extensions.Length)];

    /// <summary>The key of a client.</summary>
    public static string Key(int client) => $"the key of client {client}";

    /// <summary>A link that asks for a session.</summary>
    /// <param name="name">The user.</param>
    /// <param name="choice">How it is to be authenticated, and what else it asks for.</param>
    /// <param name="resume">What it says of the session.</param>
    public static SimFrame LinkWithSession(string name, int choice, SimResume resume)
    {
        string extensions = SessionExtensions[choice / Auths.Length % SessionExtensions.Length];
        string? auth = Auths[choice % Auths.Length];
        string place = $"{resume.Attempt}";
        if (resume.Session is not null)
            place += $",\"session\":{resume.Session}";
        if (resume.Received is not null)
            (place, auth) = ($"{place},\"received\":{resume.Received}", $"{auth ?? "yes"}/{resume.Received}");
        string asked = $"\"extensions\":[{extensions}],\"resume\":{Resume(resume.Key, place)}";
        if (auth is not null)
            asked = $"\"auth\":\"{auth}\",{asked}";
        string text = $$$"""{"type":"krmx/link","payload":{"username":"{{{name}}}","version":"0.6.1",{{{asked}}}}}""";
        bool asksPresence = extensions.Contains("presence", StringComparison.Ordinal);
        return new SimFrame(Meaning.Link, text, name, auth, asksPresence) { Resume = resume };
    }

    /// <summary>An ack.</summary>
    public static SimFrame Ack(SimAck ack)
    {
        string members = string.Join(',', new[] { ("received", ack.Received), ("sent", ack.Sent) }
            .Where(static member => member.Item2 is not null)
            .Select(static member => $"\"{member.Item1}\":{member.Item2}"));
        return new SimFrame(Meaning.Ack, $$$"""{"type":"krmx/ack","payload":{{{{members}}}}}""") { Ack = ack };
    }

    private static SimFrame BadResume(string resume) => new(
        Meaning.InvalidLink,
        $$$"""{"type":"krmx/link","payload":{"username":"simon","version":"0.6.0","extensions":["resume"],"resume":{{{resume}}}}}""");

    private static string Resume(string key, string rest) => $$"""{"key":"{{key}}","attempt":{{rest}}}""";
}
