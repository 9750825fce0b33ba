namespace Krmx.Simulation;

/// <summary>The kinds of things that can be seen of a server.</summary>
public enum EffectKind
{
    Frame,
    Close,
    AuthStart,
    AuthCancel,
    Challenge,
    Event,
    Refused,

    /// <summary>What a call of the application gave back.</summary>
    Answer,
    ListenerFailed,
    Violation,
}

/// <summary>One thing that was seen, or is expected to be.</summary>
/// <param name="Kind">What.</param>
/// <param name="Connection">At which connection; 0 for none.</param>
/// <param name="Text">What exactly.</param>
public readonly record struct Effect(EffectKind Kind, long Connection, string Text);
