using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Krmx.State;

/// <summary>A kind of action without a payload.</summary>
/// <param name="handler">Gives the next state; null where there is nothing to do.</param>
internal class ActionKind<TState>(Func<TState, string, TState>? handler)
{
    /// <summary>What the payload is; null where there is none.</summary>
    public virtual JsonTypeInfo? Payload => null;

    /// <summary>Reads an action of this kind; null, with a reason, where its payload is refused. Throws what a validation throws.</summary>
    public virtual BoundAction<TState>? Bind(in KrmxAction action, out string? reason)
    {
        reason = action.HasPayload && !action.Payload.Span.SequenceEqual("null"u8) ? "the action takes no payload" : null;
        return reason is null ? new BoundAction<TState>(handler) : null;
    }
}

/// <summary>A kind of action with a payload.</summary>
/// <param name="payloads">How to read the payload.</param>
/// <param name="validate">Gives the reason to refuse a payload, or null.</param>
/// <param name="handler">Gives the next state; null where there is nothing to do.</param>
internal sealed class ActionKind<TState, TPayload>(
    JsonTypeInfo<TPayload> payloads, Func<TPayload, string?>? validate, Func<TState, string, TPayload, TState>? handler)
    : ActionKind<TState>(null)
{
    public override JsonTypeInfo Payload => payloads;

    public override BoundAction<TState>? Bind(in KrmxAction action, out string? reason)
    {
        if (!TryRead(action, out TPayload? payload, out reason))
            return null;
        reason = validate?.Invoke(payload!);
        return reason is null ? new BoundAction<TState, TPayload>(handler, payload!) : null;
    }

    private bool TryRead(in KrmxAction action, out TPayload? payload, out string? reason)
    {
        payload = default;
        reason = "the action needs a payload";
        if (!action.HasPayload)
            return false;
        try
        {
            payload = JsonSerializer.Deserialize(action.Payload.Span, payloads);
            reason = payload is null ? "the payload is null" : null;
        }
        catch (Exception)
        {
            // Not only what the reader throws: the payload's own constructor may refuse what a stranger sent.
            reason = "the payload is of another type";
        }
        return reason is null;
    }
}
