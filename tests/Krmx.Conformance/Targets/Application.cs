using System.Text;
using System.Text.Json;
using Krmx.Conformance.Harness;
using Krmx.Protocol;

namespace Krmx.Conformance.Targets;

/// <summary>The application of the rules on a server of ours: it records every event and reacts as the setup says.</summary>
internal sealed class Application
{
    public const string Deliberate = "thrown on purpose";

    private readonly KrmxRoomCore _server;
    private readonly ServerSetup _setup;
    private readonly SharedState? _state;

    public Application(KrmxRoomCore server, ServerSetup setup)
    {
        _server = server;
        _setup = setup;
        _state = setup.HasState ? new SharedState(server, setup) : null;
        if (setup.HandlesRequests)
            Requests.Handle(server);
        server.OnOpen(() => Told("listen"));
        server.OnJoin(user => Told($"join {user.Name}"));
        server.OnLink(user => Told($"link {user.Name}"));
        server.OnUnlink(user => Told($"unlink {user.Name}"));
        server.OnSessionEnded((user, reason) => Told($"session {user.Name} {reason}"));
        server.OnLeave(user => Told($"leave {user.Name}"));
        server.OnClose(() => Told("close"));
        server.OnMessage((user, message) =>
        {
            if (message.ToString() == ServerSetup.Barrier)
                server.Send(user.Name, message);
            else
                Told($"message {user.Name} {Write(message)}");
        });
    }

    public List<string> Events { get; } = [];

    public string Users => string.Join(' ', _server.Users.Select(user => user.IsLinked ? user.Name + "*" : user.Name));

    public static LinkResult Authenticate(string? auth) => auth switch
    {
        "wrong" => LinkResult.Reject(ServerSetup.Refusal),
        not null when auth.StartsWith("meta ", StringComparison.Ordinal) => LinkResult.Accept.WithMeta(JsonElement.Parse(auth[5..])),
        "throw" => throw new InvalidOperationException(Deliberate),
        _ => LinkResult.Accept,
    };

    /// <summary>Makes a call; answers why it was refused, or null.</summary>
    public string? Call(AppCall call)
    {
        try
        {
            Make(call);
            return null;
        }
        catch (KrmxException refusal)
        {
            return refusal.Message;
        }
    }

    private void Make(AppCall call)
    {
        switch (call)
        {
            case { Method: "join", User: string user }:
                _server.Join(user);
                break;
            case { Method: "unlink", User: string user }:
                _server.Unlink(user);
                break;
            case { Method: "kick", User: string user }:
                _server.Kick(user);
                break;
            case { Method: "send" or "broadcast", Message: string text } when Read(text) is { IsVolatile: true } message:
                MakeVolatile(call, message);
                break;
            case { Method: "send", User: string user, Message: string message }:
                _server.Send(user, Read(message));
                break;
            case { Method: "broadcast", Message: string message, User: null }:
                _server.Broadcast(Read(message));
                break;
            case { Method: "broadcast", Message: string message, User: string except }:
                _server.BroadcastExcept(except, Read(message));
                break;
            case { Method: "meta", User: string user, Message: string meta }:
                _server.FindUser(user)!.SetMeta(JsonElement.Parse(meta));
                break;
            case { Method: "atom" or "append" or "act" }:
                _state!.Make(call);
                break;
            default:
                throw new InvalidOperationException(Deliberate);
        }
    }

    private void MakeVolatile(AppCall call, in KrmxMessage message)
    {
        if (call.Method == "send")
            _server.SendVolatile(call.User!, message);
        else if (call.User is string except)
            _server.BroadcastVolatileExcept(except, message);
        else
            _server.BroadcastVolatile(message);
    }

    private void Told(string text)
    {
        Events.Add(text);
        foreach (AppCall call in _setup.Reactions.GetValueOrDefault(text, []))
        {
            if (Call(call) is not null)
                Events.Add($"refused {call.Method}");
        }
    }

    private static KrmxMessage Read(string message)
    {
        Assert.True(FrameReader.TryRead(Encoding.UTF8.GetBytes(message), FrameReader.DefaultMaxDepth, out KrmxMessage read));
        return read;
    }

    private static string Write(in KrmxMessage message) =>
        Wire.Text(message.Type, message.HasPayload ? Encoding.UTF8.GetString(message.Payload.Span) : null);
}
