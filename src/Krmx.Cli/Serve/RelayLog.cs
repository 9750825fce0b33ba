using System.Globalization;
using Krmx.Cli.Terminal;

namespace Krmx.Cli.Serve;

/// <summary>What happens in a room, in lines for people.</summary>
internal sealed class RelayLog(KrmxRoom room, LineWriter output, bool isVerbose)
{
    private const int MostCharacters = 200;

    private readonly string _room = room.Name.Length == 0 ? "" : $"[{Printable.Of(room.Name)}] ";

    public void Attach()
    {
        room.OnJoin(user => Write($"{user.Name} joined"));
        room.OnLink(user => Write($"{user.Name} linked ({room.Users.Count(other => other.IsLinked)} here)"));
        room.OnUnlink((user, reason) => Write($"{user.Name} unlinked: {Describe(reason)}"));
        room.OnLeave(user => Write($"{user.Name} left"));
        if (isVerbose)
            room.OnMessage((user, message) => Write($"{user.Name}: {Shorten(message.ToString())}"));
    }

    private static string Describe(UnlinkReason reason) => reason switch
    {
        UnlinkReason.Requested => "asked for it",
        UnlinkReason.ConnectionClosed => "the connection closed",
        UnlinkReason.TooSlow => "the connection was too slow",
        UnlinkReason.TimedOut => "the connection went silent",
        UnlinkReason.ProtocolViolation => "sent what is no message",
        UnlinkReason.Left => "is leaving",
        UnlinkReason.ServerClosing => "the server is closing",
        UnlinkReason.ServerRestarted => "the server was restarted",
        _ => reason.ToString(),
    };

    private static string Shorten(string text) => text.Length <= MostCharacters ? text : text[..MostCharacters] + "…";

    private void Write(string what) =>
        output.Write($"{DateTime.Now.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {_room}{Printable.Of(what)}");
}
