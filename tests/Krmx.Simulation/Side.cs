namespace Krmx.Simulation;

/// <summary>What the application and its listeners can do, to the server or to the model.</summary>
public interface ISide
{
    void Join(string name);

    void Unlink(string name);

    void Kick(string name);

    /// <summary>Sends a user a message.</summary>
    void SendTo(string name, int number);

    /// <summary>Sends some users a message; a name may stand twice.</summary>
    void SendToSome(string[] names, int number);

    /// <summary>Sends all a message, or all but one.</summary>
    void Broadcast(string? except, int number);

    /// <summary>Sends a user a message that may be lost.</summary>
    void SendVolatile(string name, int number);

    /// <summary>Sends all a message that may be lost, or all but one.</summary>
    void BroadcastVolatile(string? except, int number);

    void BroadcastReserved();

    void AcceptNewUsers(bool accept);

    /// <summary>Sets a user's metadata, if there is the user.</summary>
    void SetMeta(string name, string? meta);

    void SetAlarm(string name, TimeSpan due);

    void CancelAlarm(string name);
}

/// <summary>The real server as a side.</summary>
public sealed class ServerSide(KrmxRoomCore server, RecordingOutput output) : ISide
{
    private static readonly KrmxMessage Reserved = new("krmx/joined");

    public void Join(string name) => output.Try(() => server.Join(name));

    public void Unlink(string name) => output.Try(() => server.Unlink(name));

    public void Kick(string name) => output.Try(() => server.Kick(name));

    public void SendTo(string name, int number) => output.Try(() => server.Send(name, "told", number));

    public void SendToSome(string[] names, int number) => output.Try(() => server.Send(names, "some", number));

    public void Broadcast(string? except, int number) => output.Try(() =>
    {
        if (except is null)
            server.Broadcast("all", number);
        else
            server.BroadcastExcept(except, "all", number);
    });

    public void SendVolatile(string name, int number) => output.Try(() => server.SendVolatile(name, "told", number));

    public void BroadcastVolatile(string? except, int number) => output.Try(() =>
    {
        if (except is null)
            server.BroadcastVolatile("all", number);
        else
            server.BroadcastVolatileExcept(except, "all", number);
    });

    public void BroadcastReserved() => output.Try(() => server.Broadcast(Reserved));

    public void AcceptNewUsers(bool accept) => server.AcceptsNewUsers = accept;

    public void SetMeta(string name, string? meta) => output.Try(() => server.FindUser(name)?.SetMeta(meta));

    public void SetAlarm(string name, TimeSpan due) => output.Try(() => server.SetAlarm(name, due));

    public void CancelAlarm(string name) => output.Add(new Effect(EffectKind.Answer, 0, $"{server.CancelAlarm(name)}"));
}
