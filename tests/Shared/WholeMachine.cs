namespace Krmx.Shared;

/// <summary>
/// Tests that take every core, or measure what a server can do on them: they run one by one, when all others are done. Beside them
/// others would wait for the thread pool, and would spoil what they measure.
/// </summary>
[CollectionDefinition(nameof(WholeMachine), DisableParallelization = true)]
public sealed class WholeMachine;
