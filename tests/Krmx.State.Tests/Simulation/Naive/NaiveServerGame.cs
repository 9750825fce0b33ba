using System.Text.Json;

namespace Krmx.State.Tests.Simulation;

/// <summary>The projection on the naive server: after each change everybody's view is made anew, and compared as text.</summary>
internal sealed class NaiveServerGame(SimWorld world, bool clearsWhenEmpty)
    : NaiveServerState(world, "projection/action", clearsWhenEmpty)
{
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    public NaiveGame Game { get; private set; } = new();

    public DispatchResult Dispatch(string user, KrmxAction action) => Do(user, action.Type, Json.Of(action), isMember: false, id: null);

    public void Update(Action<NaiveGame> change)
    {
        NaiveGame next = Game.Copy();
        change(next);
        Adopt(next, null, null);
    }

    protected override void Welcome(string user)
    {
        _seen.Remove(user);
        if (Game.Poisoned == user)
            return;
        NaiveView view = Game.ViewOf(user);
        _seen[user] = view.ToString();
        string text = Text("projection/set", $"\"domain\":\"{SimWorld.Game}\",\"projection\":{view}");
        Send(user, new Expected("projection/set", text, view) { Secrets = [.. Game.HiddenFrom(user)] });
    }

    protected override void Handle(string user, JsonElement payload)
    {
        JsonElement action = payload.GetProperty("action");
        string? id = IdOf(payload);
        bool isMember = IsMember(user);
        DispatchResult result = Do(user, action.GetProperty("type").GetString()!, PayloadOf(action), isMember, id);
        if (isMember && id is not null && !result.IsAccepted)
            Send(user, Invalidate(id, result, $"\"accepted\":false,\"reason\":\"{result.Reason}\""));
    }

    protected override void Clear() => Adopt(new NaiveGame(), null, null);

    private DispatchResult Do(string user, string type, JsonElement? payload, bool isMember, string? id)
    {
        NaiveGame next = Game.Copy();
        if (next.Do(user, type, payload) is string refusal)
            return new DispatchResult(DispatchStatus.Refused, refusal);
        return Adopt(next, isMember ? user : null, id)
            ? new DispatchResult(DispatchStatus.Accepted)
            : new DispatchResult(DispatchStatus.Refused, "the action failed");
    }

    /// <returns>False, when a view could not be made: then nothing is changed for anybody.</returns>
    private bool Adopt(NaiveGame next, string? from, string? id)
    {
        string[] viewers = [.. Members.Where(_seen.ContainsKey)];
        if (next.Poisoned is string poisoned && viewers.Contains(poisoned))
            return false;
        NaiveGame before = Game;
        Game = next;
        bool isAnswered = false;
        foreach (string user in viewers)
        {
            NaiveView view = next.ViewOf(user);
            if (_seen[user] == view.ToString())
                continue;
            _seen[user] = view.ToString();
            string? answered = user == from ? id : null;
            isAnswered |= answered is not null;
            Send(user, new Expected("projection/delta", null, view, answered, new DispatchResult(DispatchStatus.Accepted))
            {
                Secrets = [.. next.HiddenFrom(user).Intersect(before.HiddenFrom(user))],
            });
        }
        if (from is not null && id is not null && !isAnswered)
            Send(from, Invalidate(id, new DispatchResult(DispatchStatus.Accepted), "\"accepted\":true"));
        return true;
    }

    private static Expected Invalidate(string id, DispatchResult result, string told) => new(
        "projection/invalidate",
        Text("projection/invalidate", $"\"domain\":\"{SimWorld.Game}\"{IdMember(id)},{told}"),
        null,
        id,
        result);
}
