using System.Text;
using System.Text.Json;

namespace Krmx.State.Tests.Simulation;

/// <summary>The atoms on the naive server: a dictionary of JSON texts, in the order they were first set.</summary>
internal sealed class NaiveServerAtoms(SimWorld world, bool clearsWhenEmpty, bool hasStrictPrefixes, int maxBytes)
    : NaiveServerState(world, "atom/set", clearsWhenEmpty)
{
    private readonly List<KeyValuePair<string, string>> _atoms = [];

    public IReadOnlyList<KeyValuePair<string, string>> Atoms => _atoms;

    /// <returns>Whether there was room for it.</returns>
    public bool Set(string key, string json) => TryStore(key, json, null, null);

    protected override void Welcome(string user)
    {
        foreach ((string key, string json) in _atoms)
            Send(user, Frame(key, json, null));
    }

    protected override void Handle(string user, JsonElement payload)
    {
        string key = payload.GetProperty("key").GetString()!;
        string? id = IdOf(payload);
        string json = payload.GetProperty("atom").GetRawText();
        bool isOfAnother = key.Contains('/', StringComparison.Ordinal) && !key.StartsWith(user + "/", StringComparison.Ordinal);
        string? refusal = hasStrictPrefixes && isOfAnother ? "the key belongs to another user"
            : TryStore(key, json, IsMember(user) ? user : null, id) ? null
            : "there are too many atoms";
        if (refusal is null || id is null || !IsMember(user))
            return;
        string text = Text("atom/invalidate", $"\"key\":\"{key}\"{IdMember(id)},\"reason\":\"{refusal}\"");
        Send(user, new Expected("atom/invalidate", text, null, id, new DispatchResult(DispatchStatus.Refused, refusal)));
    }

    protected override void Clear() => _atoms.Clear();

    private bool TryStore(string key, string json, string? from, string? id)
    {
        int at = _atoms.FindIndex(atom => atom.Key == key);
        IEnumerable<KeyValuePair<string, string>> all = _atoms.Where(atom => atom.Key != key).Append(new(key, json));
        if (all.Sum(atom => Encoding.UTF8.GetByteCount(Frame(atom.Key, atom.Value, null).Text!)) > maxBytes)
            return false;
        if (at < 0)
            _atoms.Add(new(key, json));
        else
            _atoms[at] = new(key, json);
        foreach (string member in Members)
            Send(member, Frame(key, json, member == from ? id : null));
        return true;
    }

    private static Expected Frame(string key, string json, string? id) => new(
        "atom/set",
        Text("atom/set", $"\"key\":\"{key}\",\"atom\":{json}{IdMember(id)}"),
        new KeyValuePair<string, string>(key, json),
        id,
        new DispatchResult(DispatchStatus.Accepted));
}
