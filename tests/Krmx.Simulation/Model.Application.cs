namespace Krmx.Simulation;

// What the application does, in the model. A call that is refused leaves its reason and nothing else.
public sealed partial class Model
{
    public void Join(string name) => Call(() =>
    {
        if (NotOpen("join a user") is string refusal)
            return refusal;
        if (name == Catalogue.InvalidName)
            return $"cannot join a user: '{name}' is not a valid username";
        if (_users.Exists(u => u.Name == name))
            return $"cannot join a user: user {name} exists already";
        if (IsFull && WhoCanBeMissed() is null)
            return "cannot join a user: the room is full";
        JoinUser(name);
        return null;
    });

    public void Unlink(string name) => Call(() =>
    {
        if (Missing(name, "unlink a user") is string refusal)
            return refusal;
        ModelUser user = _users.Find(u => u.Name == name)!;
        if (user.Connection is null)
            return $"cannot unlink a user: user {name} is not linked";
        Unlink(user, UnlinkReason.Application);
        return null;
    });

    public void Kick(string name) => Call(() =>
    {
        if (Missing(name, "kick a user") is string refusal)
            return refusal;
        Leave(_users.Find(u => u.Name == name)!);
        return null;
    });

    public void SendTo(string name, int number) => Call(() =>
    {
        if (Missing(name, "send to a user") is string refusal)
            return refusal;
        ModelUser user = _users.Find(u => u.Name == name)!;
        if (!IsReachable(user))
            return $"cannot send to a user: user {name} is not linked";
        TellChanges();
        Post([user], $$$"""{"type":"told","payload":{{{number}}}}""");
        return null;
    });

    public void SendToSome(string[] names, int number) => Call(() =>
    {
        if (names.Select(name => Missing(name, "send to a user")).FirstOrDefault(static refusal => refusal is not null) is string refusal)
            return refusal;
        TellChanges();
        Post(_users.Where(user => names.Contains(user.Name)), $$$"""{"type":"some","payload":{{{number}}}}""");
        return null;
    });

    public void Broadcast(string? except, int number) => Call(() =>
    {
        if (NoAudience(except) is string refusal)
            return refusal;
        TellChanges();
        Post(_users.Where(user => user.Name != except), $$$"""{"type":"all","payload":{{{number}}}}""");
        return null;
    });

    public void SendVolatile(string name, int number) => Call(() =>
    {
        if (Missing(name, "send to a user") is string refusal)
            return refusal;
        TellChanges();
        PostVolatile(_users.Where(user => user.Name == name), $$$"""{"type":"told","payload":{{{number}}},"volatile":true}""");
        return null;
    });

    public void BroadcastVolatile(string? except, int number) => Call(() =>
    {
        if (NoAudience(except) is string refusal)
            return refusal;
        TellChanges();
        PostVolatile(_users.Where(user => user.Name != except), $$$"""{"type":"all","payload":{{{number}}},"volatile":true}""");
        return null;
    });

    public void SetMeta(string name, string? meta) => Call(() =>
    {
        if (_users.Find(u => u.Name == name) is ModelUser user)
            ChangeMeta(user, meta);
        return null;
    });

    public void BroadcastReserved() => Call(() =>
        NotOpen("broadcast") ?? "cannot send the message: the type 'krmx/joined' belongs to the protocol");

    public void AcceptNewUsers(bool accept) => _acceptsNewUsers = accept;

    /// <summary>The end of a call that came from outside every listener.</summary>
    public void EndCall() => Settle();

    private void Call(Func<string?> call)
    {
        if (call() is string refusal)
            Effects.Add(new Effect(EffectKind.Refused, 0, refusal));
    }

    private void Answer(bool answer) => Effects.Add(new Effect(EffectKind.Answer, 0, $"{answer}"));

    private string? NoAudience(string? except) => except is null ? NotOpen("broadcast") : Missing(except, "broadcast to all except a user");

    private string? NotOpen(string what) => _status == RoomStatus.Open ? null : $"cannot {what}: the room is {(_status == RoomStatus.Closing ? "closing" : "closed")}";

    private string? Missing(string name, string what) =>
        NotOpen(what) ?? (_users.Exists(u => u.Name == name) ? null : $"cannot {what} that does not exist: '{name}'");
}
