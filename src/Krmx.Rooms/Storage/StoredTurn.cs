namespace Krmx.Storage;

/// <summary>What a turn changed, or how everything was after it, as a room wrote it; stores keep the bytes and need not understand them.</summary>
/// <param name="Number">The number of the turn, from 1; those of a room have no gaps.</param>
/// <param name="Bytes">What was written; never changed afterwards.</param>
public readonly record struct StoredTurn(long Number, ReadOnlyMemory<byte> Bytes);
