namespace Krmx.Load;

/// <summary>A load cannot go on: the server refused a client, or a connection was lost; the message is a phrase that says why.</summary>
internal sealed class LoadException(string message, Exception? inner = null) : Exception(message, inner);
