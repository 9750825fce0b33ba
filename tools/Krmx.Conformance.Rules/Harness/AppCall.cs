namespace Krmx.Conformance.Harness;

/// <summary>A call of the application on the server under test.</summary>
internal sealed record AppCall(string Method, string? User = null, string? Message = null)
{
    public static AppCall Join(string user) => new("join", user);

    public static AppCall Unlink(string user) => new("unlink", user);

    public static AppCall Kick(string user) => new("kick", user);

    public static AppCall Send(string user, string message) => new("send", user, message);

    public static AppCall Broadcast(string message, string? except = null) => new("broadcast", except, message);

    /// <summary>Sets the metadata of a user; <c>null</c> for none.</summary>
    public static AppCall SetMeta(string user, string meta) => new("meta", user, meta);

    public static AppCall SetAtom(string key, string atom) => new("atom", key, atom);

    public static AppCall Append(string dispatcher, int number) => new("append", dispatcher, $"{number}");

    public static AppCall Act(string dispatcher, int number) => new("act", dispatcher, $"{number}");

    /// <summary>Not a call but a listener that fails.</summary>
    public static AppCall Throw { get; } = new("throw");
}
