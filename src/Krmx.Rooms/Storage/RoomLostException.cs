namespace Krmx.Storage;

/// <summary>What a room has changed could not be stored, and is gone: that is logged once, and is no failure of the listeners that wait for it.</summary>
internal sealed class RoomLostException(string message, Exception innerException) : KrmxException(message, innerException);
