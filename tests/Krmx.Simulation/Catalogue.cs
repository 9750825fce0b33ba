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
}

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

    /// <summary>How a link is to be authenticated: "yes", "no", "later", "kick", or null for no auth at all.</summary>
    public string? Auth { get; }

    /// <summary>Whether a link asks for the extension presence.</summary>
    public bool AsksPresence { get; }

    public int Length { get; }

    public InboundFrame Inbound { get; }
}

/// <summary>All frames of the simulation, made once.</summary>
public static class Catalogue
{
    public const string InvalidName = "no name";

    /// <summary>Names that collide where comparison is sloppy, or that mean something to a language.</summary>
    public static readonly string[] Names = ["simon", "Simon", "constructor", "__proto__", "toString", "lisa", "ünal", "x"];

    public static readonly SimFrame Unlink = new(Meaning.Unlink, """{"type":"krmx/unlink"}""");
    public static readonly SimFrame Leave = new(Meaning.Leave, """{"type":"krmx/leave"}""");

    public static readonly SimFrame[] Messages =
        [.. Enumerable.Range(0, 1000).Select(i => new SimFrame(Meaning.Custom, $$"""{"type":"say","payload":{{i}}}""", $"{i}"))];

    public static readonly SimFrame[] Hostile =
    [
        new(Meaning.Invalid, "no json"),
        new(Meaning.Invalid, """{"type":1}"""),
        new(Meaning.InvalidInLink, """{"type":"krmx/link","payload":{"username":"\ud800","version":"0.6.0"}}"""),
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
    ];

    private static readonly string?[] Auths = ["yes", "later", "later", "later", null, "no", "later", "kick"];

    private static readonly string[] Extensions = ["", ",\"extensions\":[\"presence\"]", ",\"extensions\":[\"other\"]", ",\"extensions\":[\"other\",\"presence\"]"];

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
}
