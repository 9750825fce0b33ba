namespace Krmx.State;

/// <summary>Handles a message that carries shared state.</summary>
internal delegate void PayloadHandler<TSource>(TSource source, in StatePayload payload);
