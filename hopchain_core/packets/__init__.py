"""Packets: one file with what one annotator may see, that is answered anywhere and taken back.

The file holds questions, pictures and the annotator's own answers. It holds no proposed answer, hop, instance, key of a
chain, gold mark or other person's answer, so none of them can be read out of it.
"""

from hopchain_core.packets.file import is_packet
from hopchain_core.packets.source import PacketSource, open_packet

__all__ = ["PacketSource", "is_packet", "open_packet"]
