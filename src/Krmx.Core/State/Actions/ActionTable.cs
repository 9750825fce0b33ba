using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Krmx.Contracts;

namespace Krmx.State;

/// <summary>The kinds of action a model knows; filled once, then only read, from any thread.</summary>
internal sealed class ActionTable<TState>(JsonSerializerOptions? json)
{
    private readonly Dictionary<string, ActionKind<TState>> _kinds = new(StringComparer.Ordinal);
    private bool _isSealed;

    public JsonSerializerOptions Json { get; } = json ?? KrmxJson.Options;

    /// <summary>Adds a kind without a payload.</summary>
    /// <returns>What makes such actions.</returns>
    public Func<KrmxAction> Add(string type, Func<TState, string, TState>? handler)
    {
        DemandNew(type);
        var action = new KrmxAction(type);
        _kinds.Add(type, new ActionKind<TState>(handler));
        return () => action;
    }

    /// <summary>Adds a kind with a payload.</summary>
    /// <returns>What makes such actions.</returns>
    public Func<TPayload, KrmxAction> Add<TPayload>(
        string type, Func<TPayload, string?>? validate, Func<TState, string, TPayload, TState>? handler)
    {
        DemandNew(type);
        var payloads = KrmxJson.TypeInfo<TPayload>(Json);
        _ = new KrmxAction(type);
        _kinds.Add(type, new ActionKind<TState, TPayload>(payloads, validate, handler));
        return payload => KrmxAction.Create(type, payload, payloads);
    }

    /// <summary>The kinds, as a contract names them.</summary>
    public IEnumerable<ContractMessage> Describe() => _kinds.Select(static kind => new ContractMessage(kind.Key, kind.Value.Payload));

    /// <summary>Allows no more kinds: somebody works with the model.</summary>
    public void Seal() => _isSealed = true;

    /// <summary>Reads an action and checks its payload.</summary>
    /// <param name="action">The action.</param>
    /// <param name="bound">What applies it, where the answer is true.</param>
    /// <param name="reason">Why not, where the answer is false.</param>
    public bool TryBind(
        in KrmxAction action, [NotNullWhen(true)] out BoundAction<TState>? bound, [NotNullWhen(false)] out string? reason)
    {
        bound = null;
        if (!_kinds.TryGetValue(action.Type, out ActionKind<TState>? kind))
        {
            reason = "there is no such type of action";
            return false;
        }
        bound = kind.Bind(action, out reason);
        return bound is not null;
    }

    /// <summary>Binds an action of this program's own, so a type that is unknown is a mistake in it.</summary>
    public BoundAction<TState>? Bind(in KrmxAction action, out string? reason)
    {
        if (!_kinds.ContainsKey(action.Type))
            throw new KrmxException($"cannot dispatch: the model has no action '{action.Type}'; add it with When");
        TryBind(action, out BoundAction<TState>? bound, out reason);
        return bound;
    }

    /// <summary>Binds an action that a peer sent; a validation that throws is reported, and refuses it.</summary>
    /// <param name="action">The action.</param>
    /// <param name="domain">What the report names.</param>
    /// <param name="failed">Told of what a validation threw.</param>
    /// <param name="reason">Why the action is refused, where the answer is null.</param>
    public BoundAction<TState>? BindSent(in KrmxAction action, string domain, Action<string, Exception> failed, out string? reason)
    {
        try
        {
            TryBind(action, out BoundAction<TState>? bound, out reason);
            return bound;
        }
        catch (Exception error)
        {
            failed($"{domain} {action.Type}", error);
            reason = Refusals.Failed;
            return null;
        }
    }

    private void DemandNew(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (_isSealed)
            throw new KrmxException($"cannot add '{type}' to the model: it is in use already, so add everything before the first attach");
        if (_kinds.ContainsKey(type))
            throw new KrmxException($"cannot add '{type}' to the model: it has an action of that type already");
    }
}
