namespace Krmx.Load;

/// <summary>A load cannot go on: the server refused a client, or a connection was lost.</summary>
internal sealed class LoadException(string message, Exception? inner = null) : Exception(message, inner);
